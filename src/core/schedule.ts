// A schedule is a division of the timesteps into stages and one level per stage: what the search changes
// and what every view draws. Stages count in sampling order (0 = first, noisiest); the reference code
// counts from the low timesteps and is converted by `reversed` in one place.

import { StudioError } from "./errors.ts";
import type { Level, Ratio, StageIndex, Timestep } from "./tensor.ts";

/** Inclusive native timesteps of one stage, `high >= low`. */
export interface TimestepRange {
  readonly high: Timestep;
  readonly low: Timestep;
}

/** Stage borders in sampling order; the ranges cover T-1 … 0 without gap or overlap. */
export type Division = readonly TimestepRange[];

export interface Schedule {
  readonly division: Division;
  /** One level per stage, sampling order. */
  readonly levels: readonly Level[];
}
