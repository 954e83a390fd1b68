// DDIM without noise (eta = 0): predict the clean latent, then re-noise it to the next timestep. The model's
// variance is ignored and x_0 is not clipped, as DiT samples. The last step ends at alphaBar = 1.

import { type Shares, sharesAt } from "../core/noise.ts";
import { cleanMix, type Mix, type Prediction, type Sampler } from "./sampler.ts";

export const ddim: Sampler = {
  label: "DDIM",
  help: "The deterministic solver of the paper's DiT experiments: one network call per step.",
  equation: "x' = √ᾱ' x̂₀ + √(1 − ᾱ') ε̂",
  source: "Diff-ES §4",
  options: {},
  predictions: ["epsilon", "v"],
  steps({ noise, timesteps }, prediction) {
    return timesteps.map((timestep, i) => {
      const now = sharesAt(noise, timestep);
      const next = renoised(now, sharesAt(noise, timesteps[i + 1]), prediction);
      return { timestep, next, clean: cleanMix(now, prediction), previous: 0 };
    });
  },
};

/** x = a x_0 + s eps and v = a eps - s x_0, with a² + s² = 1. */
function renoised({ a, s }: Shares, { a: A, s: S }: Shares, prediction: Prediction): Mix {
  return prediction === "epsilon"
    ? { latent: A / a, output: S - (A / a) * s } // x_0 = (x - s eps) / a
    : { latent: A * a + S * s, output: S * a - A * s }; // x_0 = a x - s v, eps = s x + a v
}
