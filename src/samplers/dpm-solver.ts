// DPM-Solver++(2M), the multistep solver of second order in x_0 (Lu et al. 2022, arXiv 2211.01095, Algorithm 2): where
// DDIM takes the clean latent for constant until the next timestep, this one goes on along the line through the last two.
//
// The first step has no other to look back at. The last two are of first order as well, as DDIM's: one ends at the clean
// latent, infinitely far in lambda; the one before it ends at timestep 0, which DiT's spacing adds and which is so far too
// that the line would miss it by more than DDIM does. (Other spacings stop short of it, so only their last step is.)

import { log } from "../core/math.ts";
import { CLEAN, type Shares, sharesAt } from "../core/noise.ts";
import { cleanMix, type LinearStep, type Sampler } from "./sampler.ts";

export const dpmSolver: Sampler = {
  label: "DPM-Solver++ 2M",
  help: "Looks back at the step before, so that fewer steps do; one network call per step.",
  options: {},
  predictions: ["epsilon", "v", "flow"],
  steps({ noise, timesteps }, prediction) {
    const levels = timesteps.map((timestep) => levelOf(sharesAt(noise, timestep)));
    return timesteps.map((timestep, i): LinearStep => {
      const [before, now, next = LAST, later] = [levels[i - 1], levels[i] as Level, levels[i + 1], levels[i + 2]];
      const clean = cleanMix(now, prediction);
      // x_next = (s_next / s) x + weight D, and e^-h = (s_next / a_next) (a / s)
      const kept = next.s / now.s;
      const weight = next.a - kept * now.a;
      // D = x_0 + lookBack (x_0 - the one before), with lookBack = 1 / 2r = h / 2h_before
      const lookBack = before && later ? (next.lambda - now.lambda) / (2 * (now.lambda - before.lambda)) : 0;
      const newest = weight * (1 + lookBack);
      const mix = { latent: kept + newest * clean.latent, output: newest * clean.output };
      return { timestep, next: mix, clean, previous: lookBack === 0 ? 0 : -weight * lookBack };
    });
  },
};

/** Lambda is half the logarithm of the signal-to-noise ratio. */
interface Level extends Shares {
  readonly lambda: number;
}
const LAST: Level = { ...CLEAN, lambda: Infinity };

function levelOf({ a, s }: Shares): Level {
  return { a, s, lambda: log(a / s) };
}
