// The clean latents that the network predicted on the way, from the trajectory alone. A solver is a table of linear
// coefficients, so two consecutive latents give the network's output back: nothing but latents has to be stored, and a
// trajectory that begins with a stored prefix gives the same bits.

import type { Tensor } from "../core/tensor.ts";
import type { LinearStep } from "../samplers/sampler.ts";
import type { Place } from "./multistep.ts";

/**
 * Predictions of x_0 at every step, in float64 on the host. [steps] of [B, C, h, w]
 * @param start x_T
 * @param trajectory after every step
 */
export function cleanLatents(
  start: Tensor,
  trajectory: readonly Pick<Place<Tensor>, "latent">[],
  steps: readonly LinearStep[],
): Tensor[] {
  let before: Float64Array | undefined;
  return steps.map(({ next, clean, previous }, index) => {
    const { data: x } = trajectory[index - 1]?.latent ?? start;
    const { shape, data } = (trajectory[index] as Place<Tensor>).latent;
    const predicted = Float64Array.from(data, (value, i) => {
      const latent = x[i] as number;
      const output = (value - next.latent * latent - previous * (before?.[i] ?? 0)) / next.output;
      return clean.latent * latent + clean.output * output;
    });
    before = predicted;
    return { shape, data: Float32Array.from(predicted) };
  });
}
