// How sure a share of a few votes is: Wilson's score interval (Wilson 1927), which keeps to 0 … 1 and is honest for few
// votes and for shares near the ends.

import type { Ratio } from "./tensor.ts";

/** The point of the normal distribution that 2.5 % lie beyond. */
const Z = 1.959963984540054;

/** The 95 % interval of the chance behind `successes` of `trials`; all of 0 … 1 before the first trial. */
export function wilson(successes: number, trials: number): { readonly low: Ratio; readonly high: Ratio } {
  if (trials === 0) return { low: 0, high: 1 };
  const share = successes / trials;
  const spread = (Z * Z) / trials;
  const centre = (share + spread / 2) / (1 + spread);
  const half = (Z / (1 + spread)) * Math.sqrt((share * (1 - share) + spread / 4) / trials);
  // at the ends the interval touches 0 or 1, which rounding would miss
  return { low: successes === 0 ? 0 : centre - half, high: successes === trials ? 1 : centre + half };
}
