// Which steps of the trajectory are compared, and how much each counts: options of every metric. The authors' modes and
// weights are the same, but their lists run backwards in time, so that their "late" weighting favours the earliest of
// the compared steps; here the last step weighs most.

import { cos, roundHalfEven } from "../../core/math.ts";
import type { OptionSpec, OptionValues } from "../../core/options.ts";

export const trajectoryOptions = {
  mode: {
    kind: "choice",
    label: "Compared steps",
    help: "final: the result only; suffix: the last steps; full: all of them. Latents as they are after a step, pictures as the clean ones that it predicts.",
    default: "final",
    choices: ["final", "suffix", "full"],
  },
  weights: {
    kind: "choice",
    label: "Weights of steps",
    help: "Of suffix and full: all alike, or rising towards the last step, from half its weight (linear) or from 0 (cosine).",
    default: "uniform",
    choices: ["uniform", "linear", "cosine"],
  },
  suffix: {
    kind: "number",
    label: "Suffix",
    help: "Share of the steps that suffix compares, one step at least.",
    default: 0.5,
    min: 0,
    max: 1,
  },
} as const satisfies OptionSpec;

/** How high a weight stands, at 0 for the first compared step and 1 for the last. */
const RISES: Readonly<Record<string, (at: number) => number>> = {
  uniform: () => 1,
  linear: (at) => 0.5 + 0.5 * at,
  cosine: (at) => 0.5 * (1 - cos(Math.PI * at)),
};

/**
 * Weight of every step in sampling order, 0 where nothing is compared; they add up to 1. [steps]
 * @param values checked ones of `trajectoryOptions`, beside others
 */
export function stepWeights({ mode, weights, suffix }: OptionValues, steps: number): number[] {
  const share = mode === "full" ? 1 : mode === "suffix" ? (suffix as number) : 0;
  const compared = Math.max(1, roundHalfEven(share * steps));
  const rise = RISES[weights as string] as (at: number) => number;
  const raw = Array.from({ length: steps }, (_, step) => {
    const k = step - (steps - compared);
    return k < 0 ? 0 : rise(compared === 1 ? 1 : k / (compared - 1));
  });
  const sum = raw.reduce((total, weight) => total + weight, 0);
  return raw.map((weight) => weight / sum);
}
