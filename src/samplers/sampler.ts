// Every deterministic diffusion solver that we use is linear in the current latent, in the network's output and in the
// clean latent that the step before predicted. A sampler is therefore a table of coefficients, computed once in float64
// on the host; small graphs apply any of them on the device.

import type { Shares } from "../core/noise.ts";
import type { OptionValues } from "../core/options.ts";
import type { Method } from "../core/shelf.ts";
import type { Timestep } from "../core/tensor.ts";
import type { Timeline } from "../core/timeline.ts";

/** What the network predicts of x = a x_0 + s eps: eps, a eps - s x_0, or, of a rectified flow, eps - x_0. */
export type Prediction = "epsilon" | "v" | "flow";

/** latent * x + output * (network output, after guidance). */
export interface Mix {
  readonly latent: number;
  readonly output: number;
}

/** x_next = next + previous * (the clean latent of the step before). */
export interface LinearStep {
  readonly timestep: Timestep;
  readonly next: Mix;
  /** The clean latent x_0 that the network predicts here. */
  readonly clean: Mix;
  /** 0 where the solver looks at one step only, as at the first. */
  readonly previous: number;
}

export interface Sampler extends Method {
  /** Of which networks it knows what their output means. */
  readonly predictions: readonly Prediction[];
  /** Spacing and solver together: the visited timesteps and what to do at each, in sampling order. */
  steps(timeline: Timeline, prediction: Prediction, options: OptionValues): readonly LinearStep[];
}

/** x_0 of x = a x_0 + s eps, where a² + s² = 1 and of a flow a + s = 1. */
export function cleanMix({ a, s }: Shares, prediction: Prediction): Mix {
  if (prediction === "epsilon") return { latent: 1 / a, output: -s / a };
  return { latent: prediction === "v" ? a : 1, output: -s };
}
