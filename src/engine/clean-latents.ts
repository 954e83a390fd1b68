// The clean latents that the network predicted on the way, from the trajectory alone. A solver is a table of linear
// coefficients, so two consecutive latents give the network's output back: nothing but latents has to be stored, and a
// trajectory that begins with a stored prefix gives the same bits.

import type { NoiseSchedule } from "../core/noise.ts";
import type { Tensor } from "../core/tensor.ts";
import type { LinearStep, Prediction } from "../samplers/sampler.ts";

/**
 * Predictions of x_0 at every step, in float64 on the host. [steps] of [B, C, h, w]
 * @param start x_T
 * @param trajectory latents after every step
 */
export function cleanLatents(
  start: Tensor,
  trajectory: readonly Tensor[],
  steps: readonly LinearStep[],
  { alphaBar }: NoiseSchedule,
  prediction: Prediction,
): Tensor[] {
  const outputs: Float64Array[] = []; // newest first
  return steps.map(({ timestep, latent, predictions }, index) => {
    const [newest, ...older] = predictions as readonly [number, ...number[]];
    const { data: x } = trajectory[index - 1] ?? start;
    const { shape, data: next } = trajectory[index] as Tensor;
    const output = Float64Array.from(next, (value, i) => {
      const past = older.reduce((sum, weight, k) => sum + weight * (outputs[k]?.[i] as number), 0);
      return (value - latent * (x[i] as number) - past) / newest;
    });
    outputs.unshift(output);
    const [a, s] = [Math.sqrt(alphaBar[timestep] as number), Math.sqrt(1 - (alphaBar[timestep] as number))];
    const clean = (value: number, i: number) =>
      prediction === "epsilon" ? ((x[i] as number) - s * value) / a : a * (x[i] as number) - s * value;
    return { shape, data: Float32Array.from(output, clean) };
  });
}
