// How sharp a picture is on its own: the variance of its Laplacian (Pech-Pacheco et al. 2000), as OpenCV computes it of
// greyscale pictures. Noise is sharp too, so a search that could choose it would learn to make noise.

import type { Metric } from "./metric.ts";
import { type Grey, greyScorer } from "./parts/grey.ts";

export const sharpness: Metric = {
  label: "Sharpness",
  help: "The variance of a picture's Laplacian, in squared shades of grey: blur lowers it, and noise raises it.",
  options: {},
  role: "report",
  direction: "higher",
  range: [0, Infinity],
  space: "pictures",
  reference: false,
  networks: [],
  open: () => Promise.resolve(greyScorer("sharpness", false, varianceOfLaplacian)),
};

function varianceOfLaplacian({ levels, width, height }: Grey): number {
  // the border is mirrored about its last pixel
  const mirrored = (place: number, extent: number) =>
    place < 0 ? Math.min(1, extent - 1) : place < extent ? place : Math.max(0, extent - 2);
  const level = (row: number, column: number) => levels[mirrored(row, height) * width + mirrored(column, width)]!;
  const laplacian = levels.map((centre, i) => {
    const [row, column] = [Math.floor(i / width), i % width];
    const around = level(row - 1, column) + level(row + 1, column) + level(row, column - 1) + level(row, column + 1);
    return around - 4 * centre;
  });
  const mean = laplacian.reduce((sum, value) => sum + value, 0) / laplacian.length;
  return laplacian.reduce((sum, value) => sum + (value - mean) ** 2, 0) / laplacian.length;
}
