// What candidates are compared by: one metric, a weighted sum of several, or a bound on one before another counts. A
// combination is decided on what every metric says of the whole trajectory, so it never sees a single step.

import { StudioError } from "../../core/errors.ts";
import type { OptionSpec } from "../../core/options.ts";
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

export interface Term {
  readonly weight: number;
  readonly criterion: Criterion;
}

/** Sum of weighted scores, every metric oriented so that higher is better. */
export function weightedSum(terms: readonly Term[]): Criterion {
  const labels = terms.map(({ weight, criterion }) =>
    weight === 1 ? criterion.label : `${weight} ${criterion.label}`,
  );
  const end = (which: "worst" | "best") =>
    terms.reduce((sum, { weight, criterion }) => sum + weight * extent(criterion)[which], 0);
  return {
    ...joined(terms.map(({ criterion }) => criterion)),
    label: labels.join(" + "),
    help: `${labels.join(" + ")}, each with the sign that makes higher better.`,
    range: [end("worst"), end("best")],
    combine: (scores) =>
      terms
        .map(({ weight, criterion }) => criterion.combine(scores).map((value) => weight * value))
        .reduce((sum, values) => sum.map((value, item) => value + (values[item] as number))),
  };
}

/**
 * Lexicographic: batches whose mean of `first` reaches `bound`, as published, score by `then`; all others score below
 * the worst of `then`, by as much as they miss the bound. The authors' fft_cos_bound gives the others one value, which
 * leaves a search without direction until it meets the first schedule within the bound.
 * @throws invalid-option when every batch or none could reach the bound, or when `then` has no worst score
 */
export function bounded(first: Criterion, bound: number, then: Criterion): Criterion {
  const { direction, range } = first;
  const words = `${first.label} at ${direction === "higher" ? "least" : "most"} ${bound}`;
  const least = direction === "higher" ? bound : -bound;
  const { worst, best } = extent(then);
  const missed = extent(first);
  if (!(least > missed.worst && least <= missed.best))
    throw new StudioError(
      "invalid-option",
      `"${words}" is no bound: ${first.label} is ${range[0]} … ${range[1]}; choose a value in between`,
    );
  if (worst === -Infinity)
    throw new StudioError(
      "invalid-option",
      `${then.label} has no worst value, so what misses "${words}" could not score below it; put it before the bound`,
    );
  return {
    ...joined([first, then]),
    label: `${words}, then ${then.label}`,
    help: `${then.label} of schedules with ${words}; the others come after them, the nearest to the bound first.`,
    range: [worst + missed.worst - least, best],
    combine(scores) {
      const values = first.combine(scores);
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      return mean >= least ? then.combine(scores) : values.map((value) => worst + value - least);
    },
  };
}

/** Worst and best score: the range, turned so that higher is better. */
function extent({ direction, range: [lowest, highest] }: Measure): { readonly worst: number; readonly best: number } {
  return direction === "higher" ? { worst: lowest, best: highest } : { worst: -highest, best: -lowest };
}

/** What a combination has of each of its members. Options of one name are one option, as on the command line. */
function joined(criteria: readonly Criterion[]) {
  const parts = new Map(criteria.flatMap((criterion) => [...criterion.parts]));
  const networks = [...new Set(criteria.flatMap((criterion) => criterion.networks))];
  return {
    options: Object.assign({}, ...criteria.map((criterion) => criterion.options)) as OptionSpec,
    direction: "higher" as const,
    space: criteria.some(({ space }) => space === "pictures") ? ("pictures" as const) : ("latent" as const),
    reference: criteria.some(({ reference }) => reference),
    networks,
    parts,
  };
}
