// How alike two pictures are that are on the screen already, in 8 bits a channel: the metrics of pictures for a page that
// has no session at hand, in float64, and structural similarity at every pixel.

import { log } from "../../core/math.ts";
import { C1, C2, ssimWindow, WINDOW } from "./ssim-window.ts";

/** RGBA, row by row; the alpha is not looked at. */
export type Rgba = Uint8ClampedArray;

const CHANNELS = 3;
const WHITE = 255;

/**
 * Structural similarity around every pixel, mean over the channels: as the metric "ssim", of which its mean is the score
 * (a zero border, biased moments). [side * side]
 */
export function ssimMap(a: Rgba, b: Rgba, side: number): Float64Array {
  const area = side * side;
  const map = new Float64Array(area);
  for (let channel = 0; channel < CHANNELS; channel++) {
    const [x, y] = [plane(a, channel, area), plane(b, channel, area)];
    const product = (p: Float64Array, q: Float64Array) => p.map((value, i) => value * (q[i] as number));
    const [mx, my, mxx, myy, mxy] = [x, y, product(x, x), product(y, y), product(x, y)].map((values) =>
      blurred(values, side),
    ) as [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array];
    for (let i = 0; i < area; i++) {
      const [ux, uy] = [mx[i] as number, my[i] as number];
      const squares = ux * ux + uy * uy;
      const variances = (mxx[i] as number) + (myy[i] as number) - squares;
      const covariance = (mxy[i] as number) - ux * uy;
      const similarity = ((2 * ux * uy + C1) * (2 * covariance + C2)) / ((squares + C1) * (variances + C2));
      map[i] = (map[i] as number) + similarity / CHANNELS;
    }
  }
  return map;
}

/** Mean of the squared differences of the colour channels, each in [0, 1]. */
export function squaredError(a: Rgba, b: Rgba): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) if (i % 4 < CHANNELS) sum += ((a[i] as number) - (b[i] as number)) ** 2;
  return sum / (((CHANNELS * a.length) / 4) * WHITE * WHITE);
}

/** Decibels of a mean squared error of 1e-10, which stand for identical. */
export const HIGHEST_PSNR = 100;

/** Peak signal-to-noise ratio of a mean squared error of values in [0, 1], dB. */
export function decibels(squaredError: number): number {
  return squaredError === 0 ? HIGHEST_PSNR : Math.min(HIGHEST_PSNR, (-10 * log(squaredError)) / Math.LN10);
}

function plane(rgba: Rgba, channel: number, area: number): Float64Array {
  return Float64Array.from({ length: area }, (_, i) => (rgba[4 * i + channel] as number) / WHITE);
}

const line = ssimWindow();

/** Under the window, with zeros outside of the square. */
function blurred(values: Float64Array, side: number): Float64Array {
  return along(along(values, side, 1), side, side);
}

/** @param stride between neighbours: 1 in a row, `side` in a column */
function along(values: Float64Array, side: number, stride: number): Float64Array {
  const out = new Float64Array(values.length);
  const reach = (WINDOW - 1) / 2;
  const across = stride === 1 ? side : 1;
  for (let row = 0; row < side; row++)
    for (let at = 0; at < side; at++) {
      let sum = 0;
      for (let k = Math.max(0, reach - at); k < Math.min(WINDOW, side + reach - at); k++)
        sum += (line[k] as number) * (values[row * across + (at + k - reach) * stride] as number);
      out[row * across + at * stride] = sum;
    }
  return out;
}
