// Every deterministic diffusion solver that we use is linear in the current latent and in the predictions
// of the network. A sampler is therefore a table of coefficients, computed once in float64 on the host;
// one small graph applies any of them on the device.

import type { OptionValues } from "../core/options.ts";
import type { Method } from "../core/shelf.ts";
import type { Timestep } from "../core/tensor.ts";
import type { Timeline } from "../core/timeline.ts";

/** What the network predicts. */
export type Prediction = "epsilon" | "v";

/** x_next = x * latent + sum_k predictions[k] * (k-th newest network output, after guidance). */
export interface LinearStep {
  readonly timestep: Timestep;
  readonly latent: number;
  /** Newest first; length 1 + the number of past outputs used. */
  readonly predictions: readonly number[];
}

export interface Sampler extends Method {
  /** Spacing and solver together: the visited timesteps and what to do at each, in sampling order. */
  steps(timeline: Timeline, prediction: Prediction, options: OptionValues): readonly LinearStep[];
}
