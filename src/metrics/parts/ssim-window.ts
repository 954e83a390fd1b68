// The window and the constants of structural similarity (Wang et al. 2004; Diff-ES §3.2), for pictures in [0, 1].

import { exp } from "../../core/math.ts";

const SIGMA = 1.5;
/** Of the window, pixels. */
export const WINDOW = 11;
/** (0.01 range)^2 and (0.03 range)^2: keep quotients of nothing finite. */
export const C1 = 1e-4;
export const C2 = 9e-4;

/** One line of the separable Gaussian window; it adds up to 1. [WINDOW] */
export function ssimWindow(): number[] {
  const reach = (WINDOW - 1) / 2;
  const bell = Array.from({ length: WINDOW }, (_, i) => exp(-((i - reach) * (i - reach)) / (2 * SIGMA * SIGMA)));
  const sum = bell.reduce((total, value) => total + value, 0);
  return bell.map((value) => value / sum);
}
