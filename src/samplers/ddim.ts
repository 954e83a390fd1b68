// DDIM without noise (eta = 0): predict the clean latent, then re-noise it to the next timestep. The model's
// variance is ignored and x_0 is not clipped, as DiT samples. The last step ends at alphaBar = 1.

import { cleanMix, type Mix, type Prediction, type Sampler } from "./sampler.ts";

export const ddim: Sampler = {
  label: "DDIM",
  help: "The deterministic solver of the paper's DiT experiments: one network call per step.",
  equation: "x' = √ᾱ' x̂₀ + √(1 − ᾱ') ε̂",
  source: "Diff-ES §4",
  options: {},
  steps({ noise, timesteps }, prediction) {
    return timesteps.map((timestep, i) => {
      const following = timesteps[i + 1];
      const now = noise.alphaBar[timestep] as number;
      const next = renoised(now, following === undefined ? 1 : (noise.alphaBar[following] as number), prediction);
      return { timestep, next, clean: cleanMix(now, prediction), previous: 0 };
    });
  },
};

/** x = a x_0 + s eps and v = a eps - s x_0, with a^2 = alphaBar and s^2 = 1 - alphaBar. */
function renoised(now: number, next: number, prediction: Prediction): Mix {
  const [a, s] = [Math.sqrt(now), Math.sqrt(1 - now)];
  const [A, S] = [Math.sqrt(next), Math.sqrt(1 - next)];
  return prediction === "epsilon"
    ? { latent: A / a, output: S - (A / a) * s } // x_0 = (x - s eps) / a
    : { latent: A * a + S * s, output: S * a - A * s }; // x_0 = a x - s v, eps = s x + a v
}
