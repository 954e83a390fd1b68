// timings.json: how long the parts of a search took.

import * as z from "zod/mini";
import type { Level, Milliseconds } from "../../core/tensor.ts";
import { checkShape, parseJson, type Report, toJson } from "./folder.ts";
import { methodFromAuthors, methodToAuthors } from "./method.ts";

export interface Timings {
  readonly method: string;
  readonly numStages: number;
  /** Mean level per stage. */
  readonly targetLevel: Level;
  readonly seed: number;
  readonly calibration?: Milliseconds | undefined;
  readonly search?: Milliseconds | undefined;
  /** Both, when they were measured as one. */
  readonly total?: Milliseconds | undefined;
}

const duration = z.optional(z.looseObject({ seconds: z.number() }));
const schema = z.looseObject({
  calibration: duration,
  search: duration,
  total_prune: duration,
  prune_method: z.string(),
  num_stages: z.int(),
  target_level: z.number(),
  seed: z.int(),
});

export function writeTimings(timings: Timings): string {
  return toJson({
    calibration: spelled(timings.calibration),
    search: spelled(timings.search),
    total_prune: spelled(timings.total),
    prune_method: methodToAuthors(timings.method),
    num_stages: timings.numStages,
    target_level: timings.targetLevel,
    seed: timings.seed,
  });
}

/** Undefined after a report. */
export function readTimings(text: string, report: Report): Timings | undefined {
  const file = checkShape(schema, parseJson(text, report), report);
  return (
    file && {
      method: methodFromAuthors(file.prune_method),
      numStages: file.num_stages,
      targetLevel: file.target_level,
      seed: file.seed,
      calibration: file.calibration && 1000 * file.calibration.seconds,
      search: file.search && 1000 * file.search.seconds,
      total: file.total_prune && 1000 * file.total_prune.seconds,
    }
  );
}

function spelled(time: Milliseconds | undefined) {
  if (time === undefined) return undefined;
  const seconds = time / 1000;
  return { seconds, minutes: seconds / 60, hours: seconds / 3600 };
}
