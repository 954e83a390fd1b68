// Euler's method along the straight path of a rectified flow: the network's velocity times the step in sigma. With the
// flow's spacing these are FLUX's sigmas, 1 … 1/n evenly, up to the grid of native timesteps.

import { sharesAt } from "../core/noise.ts";
import { cleanMix, type Sampler } from "./sampler.ts";

export const flowEuler: Sampler = {
  label: "Flow Euler",
  help: "The solver of rectified flows such as FLUX: follows the velocity in even steps; one network call per step.",
  equation: "x' = x + (σ' − σ) v̂",
  source: "Liu et al. 2022 (arXiv 2209.03003), Eq. (1)",
  options: {},
  predictions: ["flow"],
  steps({ noise, timesteps }, prediction) {
    return timesteps.map((timestep, i) => {
      const now = sharesAt(noise, timestep);
      const next = { latent: 1, output: sharesAt(noise, timesteps[i + 1]).s - now.s };
      return { timestep, next, clean: cleanMix(now, prediction), previous: 0 };
    });
  },
};
