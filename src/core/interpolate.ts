// A smooth curve through a few measured points that rises and falls only where they do (Fritsch and Butland, "A method
// for constructing local monotone piecewise cubic interpolants", SIAM J. Sci. Stat. Comput. 5, 1984: SciPy's
// PchipInterpolator).

import { StudioError } from "./errors.ts";

/**
 * Values of the curve at 0, 1, … up to the last of `at`.
 * @param at rising whole numbers from 0 on, at least one
 * @throws invalid-input
 */
export function monotoneCurve(at: readonly number[], values: readonly number[]): number[] {
  if (at[0] !== 0 || at.length !== values.length || at.some((x, i) => i > 0 && !(x > (at[i - 1] as number))))
    throw new StudioError(
      "invalid-input",
      `interpolate: ${values.length} values at [${at.join(", ")}], which must rise from 0`,
    );
  const widths = at.slice(1).map((x, i) => x - (at[i] as number));
  const slopes = widths.map((width, i) => ((values[i + 1] as number) - (values[i] as number)) / width);
  const tangents = at.map((_, i) => tangent(i, widths, slopes));
  const curve = [values[0] as number];
  for (const [i, width] of widths.entries()) {
    const [low, high] = [values[i] as number, values[i + 1] as number];
    const [out, into] = [width * (tangents[i] as number), width * (tangents[i + 1] as number)];
    for (let step = 1; step <= width; step++) {
      const t = step / width;
      const rest = 1 - t;
      curve.push(
        step === width
          ? high
          : rest * rest * ((1 + 2 * t) * low + t * out) + t * t * ((1 + 2 * rest) * high - rest * into),
      );
    }
  }
  return curve;
}

/** Derivative at a point: a harmonic mean of the slopes beside it, nothing at a turn; one-sided at the ends. */
function tangent(i: number, widths: readonly number[], slopes: readonly number[]): number {
  if (slopes.length < 2) return slopes[0] ?? 0;
  if (i === 0) return endTangent(widths[0], widths[1], slopes[0], slopes[1]);
  if (i === slopes.length) return endTangent(widths.at(-1), widths.at(-2), slopes.at(-1), slopes.at(-2));
  const [before, after] = [slopes[i - 1] as number, slopes[i] as number];
  if (before * after <= 0) return 0;
  const [a, b] = [widths[i - 1] as number, widths[i] as number];
  return (3 * (a + b)) / ((2 * b + a) / before + (b + 2 * a) / after);
}

function endTangent(near = 0, far = 0, slope = 0, next = 0): number {
  const three = ((2 * near + far) * slope - near * next) / (near + far);
  if (three * slope <= 0) return 0;
  return slope * next <= 0 && Math.abs(three) > 3 * Math.abs(slope) ? 3 * slope : three;
}
