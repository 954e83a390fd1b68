// Table 4 of the paper: what a search is told to like, and what every other metric says of what it found. A picture
// that pleases a metric without reference more than the dense model's own do was made to please it.

import type { Row } from "./row.ts";
import { denseRow, requestAt, seedsOf } from "./scale.ts";
import type { Table } from "./table.ts";
import { methodName } from "./words.ts";

/** Those that a model lacks a network for are left out. */
const FITNESSES = ["ssim", "psnr", "latent-mse", "latent-cosine", "quality", "fft"] as const;

export const fitness: Table = {
  help: "OBS at 50 %, searched by each fitness and judged by all",
  columns: ["searched by"],
  rows(card, scale, seeds = 1) {
    const known = FITNESSES.filter((id) => card.metrics.includes(id));
    return seedsOf(seeds).flatMap((seed): Row[] => [
      denseRow(scale, card, seed, [methodName("dense")]),
      ...known.map((id): Row => {
        const found = requestAt(scale, card, { target: 0.5, metric: { id }, seed });
        return { cells: [id], method: "searched", found, pictures: scale.pictures, shown: true };
      }),
    ]);
  },
  claims: () => [],
};
