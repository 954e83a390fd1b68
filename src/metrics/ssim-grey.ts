// The structural similarity that the paper's tables report: scikit-image's defaults on greyscale pictures of 8 bits, that
// is a uniform window of 7 x 7 that stays inside the picture and the variance of a sample. A search's fitness is the other
// one, ssim.ts.

import type { Metric } from "./metric.ts";
import { type Grey, greyScorer } from "./parts/grey.ts";

const WINDOW = 7;
const PIXELS = WINDOW * WINDOW;
const C1 = (0.01 * 255) ** 2;
const C2 = (0.03 * 255) ** 2;

export const ssimGrey: Metric = {
  label: "SSIM of tables",
  help: "How much of the dense model's picture is kept, as papers report it: in shades of grey, 7 x 7 pixels at a time. 1 is identical.",
  options: {},
  role: "report",
  direction: "higher",
  range: [-1, 1],
  space: "pictures",
  reference: true,
  networks: [],
  open: () => Promise.resolve(greyScorer("ssim-grey", true, similarity)),
};

/** Mean over all windows; NaN for pictures smaller than one. */
function similarity(a: Grey, b: Grey): number {
  const product = (p: Float64Array, q: Float64Array) => p.map((value, i) => value * q[i]!);
  const [x, y] = [a.levels, b.levels];
  const [sx, sy, sxx, syy, sxy] = [x, y, product(x, x), product(y, y), product(x, y)].map((levels) =>
    windowSums({ ...a, levels }),
  ) as [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array];
  let sum = 0;
  for (let i = 0; i < sx.length; i++) {
    const [ux, uy] = [sx[i]! / PIXELS, sy[i]! / PIXELS];
    // sums of whole numbers are exact, so the differences are too
    const moment = (squares: number, p: number, q: number) => (squares - (p * q) / PIXELS) / (PIXELS - 1);
    const variances = moment(sxx[i]!, sx[i]!, sx[i]!) + moment(syy[i]!, sy[i]!, sy[i]!);
    const covariance = moment(sxy[i]!, sx[i]!, sy[i]!);
    sum += ((2 * ux * uy + C1) * (2 * covariance + C2)) / ((ux * ux + uy * uy + C1) * (variances + C2));
  }
  return sum / sx.length;
}

/** Of every window inside the picture: [(height - 6) * (width - 6)] */
function windowSums({ levels, width, height }: Grey): Float64Array {
  const [rows, columns] = [Math.max(0, height - WINDOW + 1), Math.max(0, width - WINDOW + 1)];
  return Float64Array.from({ length: rows * columns }, (_, place) => {
    const start = Math.floor(place / columns) * width + (place % columns);
    let sum = 0;
    for (let row = 0; row < WINDOW; row++)
      for (let column = 0; column < WINDOW; column++) sum += levels[start + row * width + column]!;
    return sum;
  });
}
