// How much signal is left at each native timestep: the training-time noise schedule. Which of these timesteps
// a run visits is the timeline's business.

import { StudioError } from "./errors.ts";
import type { Timestep } from "./tensor.ts";

export interface NoiseSchedule {
  /** T, the number of native timesteps. */
  readonly timesteps: number;
  /** Cumulative product of 1 - beta, decreasing: the share of signal variance at each timestep. [T] */
  readonly alphaBar: Float64Array;
}

/**
 * Betas on a straight line, as DiT was trained (1e-4, 0.02, 1000).
 * @throws invalid-input
 */
export function linearNoise(betaStart: number, betaEnd: number, timesteps: number): NoiseSchedule {
  if (!(betaStart > 0 && betaEnd < 1 && betaStart <= betaEnd && Number.isInteger(timesteps) && timesteps > 1))
    throw new StudioError(
      "invalid-input",
      `noise: betas ${betaStart} … ${betaEnd} over ${timesteps} timesteps; they must rise inside (0, 1) over 2 or more`,
    );
  const step = (betaEnd - betaStart) / (timesteps - 1);
  const alphaBar = new Float64Array(timesteps);
  let product = 1;
  for (let t = 0; t < timesteps; t++) {
    product *= 1 - (betaStart + t * step);
    alphaBar[t] = product;
  }
  return { timesteps, alphaBar };
}

/** Signal-to-noise ratio alphaBar / (1 - alphaBar). */
export function snr(noise: NoiseSchedule, t: Timestep): number {
  const alphaBar = noise.alphaBar[t] as number;
  return alphaBar / (1 - alphaBar);
}
