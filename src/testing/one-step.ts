// A step of a solver that looks at nothing but the current latent and the network's output.

import type { LinearStep } from "../samplers/sampler.ts";

export function oneStep(timestep: number, latent: number, output: number): LinearStep {
  return { timestep, next: { latent, output }, clean: { latent: 0, output: 0 }, previous: 0 };
}

/** Its "next latent" is the network's output. */
export const OUTPUT_ALONE = oneStep(0, 0, 1);
