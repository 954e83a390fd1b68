// Which of many pictures are looked at first: by a rule that is fixed before they are seen, so that nobody picks cherries.

import { stream } from "../core/rng.ts";

/** What each order shows first, as a sentence that exports carry. */
export const orders = {
  drawn: "in the order in which they were drawn",
  largest: "largest disagreement first",
  median: "nearest to the median disagreement first",
  smallest: "smallest disagreement first",
  random: "in random order",
} as const;
export type Order = keyof typeof orders;

/**
 * Indices of pictures in that order; equals stay as they were drawn.
 * @param disagreement of each picture, larger is more; undefined where it is not known yet, which comes last
 * @param seed of the random order
 */
export function arranged(disagreement: readonly (number | undefined)[], order: Order, seed: number): number[] {
  const drawn = [...disagreement.keys()];
  if (order === "drawn") return drawn;
  if (order === "random") return stream(seed, "order").shuffle(drawn);
  const known = disagreement.filter((value) => value !== undefined).sort((a, b) => a - b);
  const middle = ((known[(known.length - 1) >> 1] ?? 0) + (known[known.length >> 1] ?? 0)) / 2;
  const rank = { largest: (d: number) => -d, median: (d: number) => Math.abs(d - middle), smallest: (d: number) => d };
  const of = (index: number) => {
    const value = disagreement[index];
    return value === undefined ? Infinity : rank[order](value);
  };
  return drawn.sort((a, b) => (of(a) === of(b) ? 0 : of(a) - of(b)));
}
