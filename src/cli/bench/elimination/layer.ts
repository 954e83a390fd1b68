// A layer to prune, by seed: inputs that follow their neighbours, as those of a network do, and random weights.

import { boundariesOf } from "../../../core/levels.ts";
import { dot4 } from "../../../core/linalg.ts";
import { normals } from "../../../core/rng.ts";
import type { LayerStatistics } from "../../../pruners/pruner.ts";

/** Correlation of an input with the next. */
const NEIGHBOURS = 0.9;
/** Tokens per column: enough for a Hessian of full rank. */
const TOKENS = 2;

export interface ObservedLayer extends LayerStatistics {
  readonly gram: Float64Array;
}

/** `maxLevel` levels over columns in groups of `groupSize`. */
export function correlatedLayer(rows: number, columns: number, groupSize: number, maxLevel: number): ObservedLayer {
  const tokens = TOKENS * columns;
  const inputs = Float64Array.from(normals(0, ["layer", "inputs"], columns * tokens)); // [columns, tokens]
  const own = Math.sqrt(1 - NEIGHBOURS ** 2);
  for (let i = tokens; i < inputs.length; i++) inputs[i] = NEIGHBOURS * inputs[i - tokens]! + own * inputs[i]!;
  return {
    name: `[${rows}, ${columns}]`,
    structure: groupSize > 1 ? "head" : "channel",
    weight: normals(0, ["layer", "weight"], rows * columns),
    rows,
    columns,
    groupSize,
    boundaries: boundariesOf(columns, groupSize, maxLevel),
    items: tokens,
    gram: products(inputs, columns, tokens),
  };
}

/** X X^T of X [columns, tokens]. */
function products(x: Float64Array, columns: number, tokens: number): Float64Array {
  const gram = new Float64Array(columns * columns);
  const sums = new Float64Array(4);
  for (let i = 0; i < columns; i++)
    for (let j = 0; j <= i; j += 4) {
      const [a, b, c, d] = [0, 1, 2, 3].map((q) => Math.min(j + q, i) * tokens) as [number, number, number, number];
      dot4(x, a, b, c, d, x, i * tokens, tokens, sums);
      for (let q = 0; q < 4 && j + q <= i; q++) gram[i * columns + j + q] = gram[(j + q) * columns + i] = sums[q]!;
    }
  return gram;
}

/** H = (2 / items) gram + damping mean(diag) I, as pruners/obs.ts makes it of a layer without dead columns. */
export function dampedHessian({ gram, columns, items }: ObservedLayer, damping: number): Float64Array {
  const h = gram.map((value) => (2 / items) * value);
  let trace = 0;
  for (let i = 0; i < columns; i++) trace += h[i * columns + i]!;
  for (let i = 0; i < columns; i++) h[i * columns + i]! += (damping * trace) / columns;
  return h;
}
