// How noisy latents are at each native timestep: the training-time process. Which of these timesteps a run visits is the
// timeline's business.

import { StudioError } from "./errors.ts";
import type { Timestep } from "./tensor.ts";

/** A noisy latent is a x_0 + s eps. */
export interface Shares {
  readonly a: number;
  readonly s: number;
}
export const CLEAN: Shares = { a: 1, s: 0 };

/** How a run's steps lie on the native timesteps, in diffusers' words: see `visitedTimesteps`. */
export type Spacing = "linspace" | "trailing";

export interface NoiseSchedule {
  /** T, the number of native timesteps. */
  readonly timesteps: number;
  /** From almost or entirely clean to almost or entirely noise. [T] */
  readonly shares: readonly Shares[];
  /** What a network is told of the time at each native timestep. [T] */
  readonly told: Float32Array;
  readonly spacing: Spacing;
}

/**
 * Betas on a straight line, as DiT was trained (1e-4, 0.02, 1000): a² is the cumulative product of 1 - beta, and
 * a² + s² = 1.
 * @throws invalid-input
 */
export function linearNoise(betaStart: number, betaEnd: number, timesteps: number): NoiseSchedule {
  if (!(betaStart > 0 && betaEnd < 1 && betaStart <= betaEnd && Number.isInteger(timesteps) && timesteps > 1))
    throw new StudioError(
      "invalid-input",
      `noise: betas ${betaStart} … ${betaEnd} over ${timesteps} timesteps; they must rise inside (0, 1) over 2 or more`,
    );
  const step = (betaEnd - betaStart) / (timesteps - 1);
  let alphaBar = 1;
  const shares = Array.from({ length: timesteps }, (_, t): Shares => {
    alphaBar *= 1 - (betaStart + t * step);
    return { a: Math.sqrt(alphaBar), s: Math.sqrt(1 - alphaBar) };
  });
  return { timesteps, shares, told: Float32Array.from(shares.keys()), spacing: "linspace" };
}

/**
 * The straight path of a rectified flow (Liu et al. 2022, arXiv 2209.03003), a + s = 1. The noisiest timestep is noise
 * alone and "clean" is one before timestep 0, so that s = (t + 1) / T; networks are told 1000 s, as FLUX is.
 * @throws invalid-input
 */
export function flowNoise(timesteps: number): NoiseSchedule {
  if (!(Number.isInteger(timesteps) && timesteps > 1))
    throw new StudioError("invalid-input", `noise: a flow over ${timesteps} timesteps; it needs 2 or more`);
  const shares = Array.from({ length: timesteps }, (_, t): Shares => {
    const s = (t + 1) / timesteps;
    return { a: 1 - s, s };
  });
  return { timesteps, shares, told: Float32Array.from(shares, ({ s }) => 1000 * s), spacing: "trailing" };
}

/** Shares at a timestep; undefined is after the last step. */
export function sharesAt(noise: NoiseSchedule, t: Timestep | undefined): Shares {
  return t === undefined ? CLEAN : (noise.shares[t] as Shares);
}

/** Signal-to-noise ratio a² / s². */
export function snr(noise: NoiseSchedule, t: Timestep): number {
  const { a, s } = sharesAt(noise, t);
  return (a / s) ** 2;
}
