// A picture small enough to be listed with its run: every pixel the mean of those that it stands for.

import type { Thumbnail } from "../engine/api.ts";
import type { Rgba } from "../metrics/parts/picture-scores.ts";

/** Pixels of a side, at most. */
export const MOST_SIDE = 64;

/** @param pixels RGBA, side x side */
export function thumbnailOf(pixels: Rgba, side: number): Thumbnail {
  const each = Math.ceil(side / MOST_SIDE);
  const small = Math.floor(side / each);
  const out = new Uint8ClampedArray(4 * small * small);
  for (let y = 0; y < small; y++)
    for (let x = 0; x < small; x++)
      for (let channel = 0; channel < 4; channel++) {
        let sum = 0;
        for (let dy = 0; dy < each; dy++)
          for (let dx = 0; dx < each; dx++)
            sum += pixels[4 * ((y * each + dy) * side + x * each + dx) + channel] as number;
        out[4 * (y * small + x) + channel] = sum / each ** 2;
      }
  return { side: small, pixels: out };
}
