// What leaves the page: the winner in the layout that the authors' code reads, the whole run as JSON, studies as tables.

import { reversed } from "../core/schedule.ts";
import type { Level } from "../core/tensor.ts";
import type { SearchResult, SensitivityResult, SweepResult } from "../engine/api.ts";
import { csv } from "../formats/csv.ts";
import { frontSheet, sensitivitySheet } from "../formats/study-sheets.ts";

/** `levels_per_stage.json`: {"0": level, …}, where stage 0 holds the lowest timesteps, sampled last. */
export function referenceLevels(levels: readonly Level[]): string {
  return `${JSON.stringify(Object.fromEntries(reversed(levels).map((level, stage) => [String(stage), level])), null, 2)}\n`;
}

/** A finished run with everything needed to repeat it; levels in sampling order, as shown. */
export function runFile(result: SearchResult): string {
  return `${JSON.stringify({ format: "diff-es-run/1", order: "sampling", ...result }, null, 1)}\n`;
}

/** One row for each method at each target. */
export function frontFile(result: SweepResult): string {
  return csv(frontSheet(result));
}

/** One row for each level of each stage, stages in sampling order. */
export function sensitivityFile(result: SensitivityResult): string {
  return csv(sensitivitySheet(result));
}
