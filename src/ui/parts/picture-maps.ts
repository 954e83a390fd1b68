// Pictures of how two pictures differ, RGBA: the difference of every channel, its sign in brightness, and structural
// similarity.

import { lossScale, signedScale } from "../../core/colour-scales.ts";
import { type Rgba, ssimMap } from "../../metrics/parts/picture-scores.ts";

export const maps = {
  absolute: {
    label: "Difference",
    help: "How far each channel is from the reference, amplified",
    paint: (own: Rgba, reference: Rgba, _side: number, gain: number): Rgba =>
      Uint8ClampedArray.from(own, (value, i) => (i % 4 === 3 ? 255 : gain * Math.abs(value - (reference[i] ?? 0)))),
  },
  signed: {
    label: "Signed",
    help: "Brighter or darker than the reference, amplified",
    paint: (own: Rgba, reference: Rgba, _side: number, gain: number): Rgba =>
      painted(own.length / 4, (pixel) =>
        signedScale.rgb(0.5 + (gain * (brightness(own, pixel) - brightness(reference, pixel))) / 2),
      ),
  },
  similarity: {
    label: "SSIM map",
    help: "Structural similarity around each pixel: dark is alike, bright is lost",
    paint(own: Rgba, reference: Rgba, side: number): Rgba {
      const map = ssimMap(own, reference, side);
      return painted(map.length, (pixel) => lossScale.rgb(1 - (map[pixel] as number)));
    },
  },
} as const;
export type MapId = keyof typeof maps;
export const mapIds = Object.keys(maps) as readonly MapId[];

function painted(count: number, colour: (pixel: number) => readonly [number, number, number]): Rgba {
  const out = new Uint8ClampedArray(4 * count);
  for (let pixel = 0; pixel < count; pixel++) out.set([...colour(pixel), 255], 4 * pixel);
  return out;
}

/** Luma (Rec. 601), 0 … 1. */
function brightness(rgba: Rgba, pixel: number): number {
  const [r, g, b] = [0, 1, 2].map((channel) => rgba[4 * pixel + channel] as number) as [number, number, number];
  return (0.299 * r + 0.587 * g + 0.114 * b) / 255;
}
