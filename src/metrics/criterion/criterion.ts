// What candidates are compared by. It is decided on what its metrics say of the whole trajectory, so it never sees a
// single step.

import type { Measure, Metric } from "../metric.ts";
import { trajectoryOptions } from "./trajectory.ts";

/** Scores [B] of metrics by id, higher is better. */
export type Scores = ReadonlyMap<string, Float64Array>;

export interface Criterion extends Measure {
  /** The metrics that it is made of, by id. */
  readonly parts: ReadonlyMap<string, Metric>;
  /** Scores of the parts -> its own, higher is better. [B] */
  combine(scores: Scores): Float64Array;
}

export function single(id: string, metric: Metric): Criterion {
  return {
    ...metric,
    options: { ...metric.options, ...trajectoryOptions },
    parts: new Map([[id, metric]]),
    combine: (scores) => scores.get(id) as Float64Array,
  };
}
