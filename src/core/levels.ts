// What one level removes. The same share of every prunable layer goes at a level (Diff-ES §3.1): for a DiT, one
// level is one head and the matching share of channels in every block, or one whole block.

import { StudioError } from "./errors.ts";
import { roundHalfEven } from "./math.ts";
import type { Level } from "./tensor.ts";

/**
 * Columns of a layer removed at each level: 0 at level 0, all of them at the last. [maxLevel + 1]
 * @throws invalid-input when groups do not fill the columns.
 */
export function boundariesOf(columns: number, groupSize: number, maxLevel: Level): Int32Array {
  const structures = columns / groupSize;
  if (!(Number.isInteger(structures) && structures > 0 && Number.isInteger(maxLevel) && maxLevel > 0))
    throw new StudioError(
      "invalid-input",
      `levels: ${columns} columns in groups of ${groupSize} at ${maxLevel} levels; groups must fill the columns`,
    );
  return Int32Array.from(
    { length: maxLevel + 1 },
    (_, level) => roundHalfEven((level * structures) / maxLevel) * groupSize,
  );
}

/** Heads for width pruning, blocks for depth pruning. */
export function maxLevelOf(spec: { readonly heads: number; readonly depth: number }, kind: "width" | "depth"): Level {
  return kind === "width" ? spec.heads : spec.depth;
}
