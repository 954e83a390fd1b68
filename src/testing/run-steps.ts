// A sampler's table applied to numbers in float64: what the device does with tensors.

import type { LinearStep, Mix } from "../samplers/sampler.ts";

type Values = readonly number[];

export interface Ran {
  /** After every step. */
  readonly latents: readonly Values[];
  /** Predicted clean latents. */
  readonly clean: readonly Values[];
}

/** @param output of the network at a step */
export function runSteps(
  start: Values,
  steps: readonly LinearStep[],
  output: (x: Values, step: LinearStep, index: number) => Values,
): Ran {
  const latents: Values[] = [];
  const clean: Values[] = [];
  for (const [index, step] of steps.entries()) {
    const x = latents[index - 1] ?? start;
    const out = output(x, step, index);
    const mixed = ({ latent, output }: Mix) => x.map((value, i) => latent * value + output * (out[i] as number));
    const before = clean[index - 1];
    latents.push(mixed(step.next).map((value, i) => value + (before ? step.previous * (before[i] as number) : 0)));
    clean.push(mixed(step.clean));
  }
  return { latents, clean };
}
