// What the fitness curve reads: the generations on the probes, and what other pictures say in the end.

import { scheduleKey } from "../core/schedule.ts";
import type { ScheduleId } from "../engine/api.ts";
import { candidatesOf } from "./candidates.ts";
import { memoise } from "./memoise.ts";
import { mean } from "./selectors.ts";
import type { StudioState } from "./store.ts";

export interface CurvePoint {
  readonly generation: number;
  readonly best: number;
  readonly median: number;
  /** Middle half of the population. */
  readonly spread: readonly [number, number];
}
export interface Curve {
  readonly points: readonly CurvePoint[];
  readonly generations: number;
  readonly uniform: number | undefined;
  readonly mosaic: number | undefined;
  /** Finalists on the validation pictures, at the generations that they were born in. */
  readonly validation: readonly ValidationMark[];
  /** Means over the held-out pictures, once there are some. */
  readonly heldOut: readonly HeldOutMark[];
}
export interface ValidationMark {
  /** Of the schedule. */
  readonly key: string;
  readonly generation: number;
  readonly validation: number;
}
export interface HeldOutMark {
  readonly id: ScheduleId;
  readonly heldOut: number;
}

export const selectCurve = memoise(
  ({ run }: StudioState) => [run.space, run.generations, run.comparisons, run.result?.finalists] as const,
  (space, generations, comparisons, finalists = []): Curve | undefined => {
    if (!space) return undefined;
    const fitnessOf = (id: ScheduleId) => comparisons.find((comparison) => comparison.id === id)?.fitness;
    const points = generations.map(({ population }, generation) => {
      const scores = population.map(({ fitness }) => fitness).sort((a, b) => a - b);
      const spread = [quantile(scores, 0.25), quantile(scores, 0.75)] as const;
      return { generation: generation + 1, best: quantile(scores, 1), median: quantile(scores, 0.5), spread };
    });
    const born = new Map(candidatesOf(generations).map(({ key, generation }) => [key, generation]));
    return {
      points,
      generations: space.generations,
      uniform: fitnessOf("uniform"),
      mosaic: fitnessOf("mosaic"),
      validation: finalists.flatMap(({ levels, validation }) => {
        const key = scheduleKey(levels);
        const generation = born.get(key);
        return generation === undefined ? [] : [{ key, generation: generation + 1, validation }];
      }),
      heldOut: comparisons
        .filter(({ id, heldOut }) => id !== "dense" && heldOut.length > 0)
        .map(({ id, heldOut }) => ({ id, heldOut: mean(heldOut) })),
    };
  },
);

/** Of sorted values, between neighbours linearly. */
function quantile(sorted: readonly number[], share: number): number {
  const at = share * (sorted.length - 1);
  const low = sorted[Math.floor(at)] ?? Number.NaN;
  const high = sorted[Math.ceil(at)] ?? low;
  return low + (high - low) * (at - Math.floor(at));
}
