// Spearman's rank correlation: whether two measures put the same things in the same order, whatever their scales.

import { StudioError } from "./errors.ts";

/**
 * In [-1, 1]: Pearson's correlation of ranks, equal values sharing the mean of theirs. Undefined where a measure tells
 * nothing apart, as with fewer than two pairs.
 * @throws shape-mismatch unless there are equally many
 */
export function spearman(a: readonly number[], b: readonly number[]): number | undefined {
  if (a.length !== b.length)
    throw new StudioError(
      "shape-mismatch",
      `rank correlation: ${a.length} values against ${b.length}; pairs are needed`,
    );
  const [x, y] = [centredRanks(a), centredRanks(b)];
  const spread = Math.sqrt(dot(x, x) * dot(y, y));
  return spread === 0 ? undefined : dot(x, y) / spread;
}

/** Ranks minus their mean: half of how many values are less minus how many are greater. */
function centredRanks(values: readonly number[]): number[] {
  return values.map((value) => values.reduce((sum, other) => sum + Math.sign(value - other), 0) / 2);
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + value * (b[i] as number), 0);
}
