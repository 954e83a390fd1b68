// Where stages lie on a horizontal axis: sampling order from left to right, widths in proportion to timesteps, so
// that schedules of different division line up.

import { range } from "../../core/format.ts";
import type { Division } from "../../engine/api.ts";

/** Of one stage, as shares of the axis. */
export interface Span {
  readonly left: number;
  readonly width: number;
}

export function stageSpans(division: Division): Span[] {
  const total = division.reduce((sum, { high, low }) => sum + high - low + 1, 0);
  let left = 0;
  return division.map(({ high, low }) => {
    const span = { left, width: (high - low + 1) / total };
    left += span.width;
    return span;
  });
}

/** Sampling steps of a stage counted from 1, "5–6"; "none" for a stage that no step visits. */
export function stepsOfStage(stageOfStep: readonly number[], stage: number): string {
  const first = stageOfStep.indexOf(stage);
  return first < 0 ? "none" : range(first + 1, stageOfStep.lastIndexOf(stage) + 1);
}

/** "stage 3 of 10, t 799–700, steps 5–6" */
export function stageText(division: Division, stageOfStep: readonly number[], stage: number): string {
  const { high, low } = division[stage] ?? { high: 0, low: 0 };
  return `stage ${stage + 1} of ${division.length}, t ${range(high, low)}, steps ${stepsOfStage(stageOfStep, stage)}`;
}
