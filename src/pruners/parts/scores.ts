// What the first-order pruners share: scores of columns or rows, their sums over heads, and the order that follows.
// First order means that every structure is scored once, on the dense model, and nothing is refitted. Scores are
// float64 sums; a factor that is common to a whole layer changes no order and is left out (tokens, entries per head).

import { type Factor, identityFactor } from "../../core/factor.ts";
import type { OptionSpec } from "../../core/options.ts";
import type { LayerStatistics, Moments } from "../pruner.ts";
import { checkLayer, needStatistic, refuse } from "./layer.ts";

/** The reading that magnitude and activation share. */
export const columnsOrCompat = {
  variant: {
    kind: "choice",
    label: "Scores",
    help: "What scores a head: its own columns, or output rows as in the authors' code (official-compat).",
    default: "columns",
    choices: ["columns", "official-compat"],
  },
} as const satisfies OptionSpec;

/** Scores of a layer's structures become its factor: the least goes first, equals in their own order. */
export function rankByScore(
  method: string,
  layer: LayerStatistics,
  scoresOf: (layer: LayerStatistics) => Float64Array,
): Factor {
  checkLayer(method, layer);
  const scores = scoresOf(layer);
  const strange = scores.findIndex((score) => !Number.isFinite(score));
  if (strange >= 0) refuse(method, layer, "invalid-input", `${layer.structure} ${strange} scores ${scores[strange]}`);
  const order = Int32Array.from(scores.keys()).sort((a, b) => scores[a]! - scores[b]! || a - b);
  return identityFactor(order, layer.groupSize, layer.boundaries);
}

/** sum_o |W_oc|. [columns] */
export function columnNorms({ weight, columns }: LayerStatistics): Float64Array {
  const norms = new Float64Array(columns);
  for (let i = 0; i < weight.length; i++) norms[i % columns]! += Math.abs(weight[i]!);
  return norms;
}

/** sum_c |W_rc| scale_c for every row of a row-major matrix, scale 1 unless given. [weight.length / columns] */
export function rowNorms(weight: Float32Array, columns: number, scale?: ArrayLike<number>): Float64Array {
  const norms = new Float64Array(weight.length / columns);
  for (let row = 0; row < norms.length; row++) {
    let norm = 0;
    for (let c = 0; c < columns; c++) norm += Math.abs(weight[row * columns + c]!) * (scale ? scale[c]! : 1);
    norms[row] = norm;
  }
  return norms;
}

/** Sums over the columns of each structure. [columns / groupSize] */
export function perStructure({ columns, groupSize }: LayerStatistics, values: ArrayLike<number>): Float64Array {
  const sums = new Float64Array(columns / groupSize);
  for (let c = 0; c < columns; c++) sums[Math.floor(c / groupSize)]! += values[c]!;
  return sums;
}

/**
 * As `perStructure`, of values per output row: the authors' released DiT code takes rows h * headDim … of attn.proj for
 * head h, although these rows are channels of the residual stream. Only for replaying their numbers.
 * @throws shape-mismatch when there are not as many rows as columns
 */
export function perOutputRows(method: string, layer: LayerStatistics, values: ArrayLike<number>): Float64Array {
  const { rows, columns, groupSize } = layer;
  if (rows !== columns)
    refuse(
      method,
      layer,
      "shape-mismatch",
      `${rows} output rows are not ${columns / groupSize} heads of ${groupSize}, which "official-compat" takes them for; choose the variant "columns"`,
    );
  return perStructure(layer, values);
}

/** @throws missing-data, invalid-input, shape-mismatch */
export function momentsOf(method: string, layer: LayerStatistics): Moments {
  const moments = needStatistic(method, layer, "moments", layer.moments, (found) => [
    found.input,
    found.output,
    found.producer,
  ]);
  const { input, output } = moments;
  if (input.length !== layer.columns || output.length !== layer.rows)
    refuse(
      method,
      layer,
      "shape-mismatch",
      `moments of ${input.length} columns and ${output.length} rows for [${layer.rows}, ${layer.columns}]`,
    );
  return moments;
}
