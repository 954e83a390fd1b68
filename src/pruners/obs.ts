// Structured Optimal Brain Surgeon (Diff-ES §3.3): removes, one after another, the head or channel whose removal
// costs the least output error after the other columns have been refitted, and keeps the whole trajectory as one
// factor (see parts/elimination.ts).
// Unlike the authors we always damp, so that nearly dependent inputs cannot make weights explode.
//
// Beyond the paper, on request: `mean` treats the bias as the weight of one more input that is always 1 and never removed.
// Refitting it with the others means refitting the covariance, and moves what removed inputs gave on average into the
// bias; at run time nothing changes.

import { StudioError } from "../core/errors.ts";
import { columnsInOrder } from "../core/factor.ts";
import { inverseSpd } from "../core/linalg.ts";
import { checkOptions, type OptionSpec } from "../core/options.ts";
import { eliminate } from "./parts/elimination.ts";
import { checkLayer, needStatistic, refuse } from "./parts/layer.ts";
import type { LayerStatistics, WidthPruner } from "./pruner.ts";

const options = {
  damping: {
    kind: "number",
    label: "Damping",
    help: "Added to the Hessian's diagonal, as a share of its mean. Raise it when a layer is not positive definite.",
    default: 1e-2,
    min: 0,
    max: 1,
  },
  mean: {
    kind: "boolean",
    label: "Mean correction",
    help: "Refits the bias too: it takes over what removed heads and channels gave on average. Costs nothing at run time.",
    default: false,
  },
} as const satisfies OptionSpec;

type Observed = LayerStatistics &
  Required<Pick<LayerStatistics, "gram">> & {
    /** Mean input; undefined when the bias is not refitted. [columns] */
    readonly mean: Float64Array | undefined;
  };

export const obs: WidthPruner = {
  kind: "width",
  label: "OBS (second order)",
  help: "Removes the heads and channels that matter least to each layer's output and refits the remaining weights.",
  equation: "tr(W_M ((H⁻¹)_MM)⁻¹ W_Mᵀ) decides who goes; δ = −W_M ((H⁻¹)_MM)⁻¹ (H⁻¹)_M,: refits the rest",
  source: "Diff-ES §3.3, Eq. 3-4",
  options,
  needs: ["gram"],
  movesBias: (given) => checkOptions("obs", options, given).mean,
  factor(layer, given) {
    const { damping, mean } = checkOptions("obs", options, given);
    const observed = checkStatistics(layer, mean);
    try {
      const inverse = inverseSpd(hessian(observed, damping), layer.columns);
      const { order, losses, lower } = eliminate({ ...layer, isDead: (c) => isDead(observed, c) }, inverse);
      const { groupSize, boundaries } = layer;
      const constant = constantRow(observed.mean, columnsInOrder({ order, groupSize }), boundaries, lower);
      return { order, groupSize, boundaries, lower, constant, losses };
    } catch (error) {
      if (!(error instanceof StudioError) || error.code !== "not-positive-definite") throw error;
      const message = `obs ${layer.name}: H is not positive definite at pivot ${error.details.pivot}; raise damping (now ${damping})`;
      throw new StudioError(error.code, message, { ...error.details, layer: layer.name, damping }, { cause: error });
    }
  },
};

/** @throws missing-data, shape-mismatch, invalid-input */
function checkStatistics(layer: LayerStatistics, withMean: boolean): Observed {
  checkLayer("obs", layer);
  const gram = needStatistic("obs", layer, "gram", layer.gram, (found) => [found]);
  if (gram.length !== layer.columns ** 2)
    refuse("obs", layer, "shape-mismatch", `${gram.length} values of gram for ${layer.columns} columns`);
  return { ...layer, gram, mean: withMean ? meanInput(layer) : undefined };
}

function meanInput(layer: LayerStatistics): Float64Array {
  const { values, tokens } = needStatistic("obs", layer, "sum", layer.sum, (found) => [found.values]);
  if (values.length !== layer.columns || !(tokens > 0))
    refuse("obs", layer, "shape-mismatch", `${values.length} sums over ${tokens} tokens for ${layer.columns} columns`);
  return Float64Array.from(values, (value) => value / tokens);
}

/** A column that no calibration input ever reached. */
function isDead({ gram, columns }: Observed, column: number): boolean {
  return gram[column * columns + column] === 0;
}

/**
 * H = (2 / items) (gram - tokens mean mean^T) + damping mean(diag) I, without the means when the bias stays: eliminating
 * the constant input from its Hessian leaves the covariance. Symmetric; dead columns are on their own, with 1.
 * [columns, columns]
 */
function hessian(layer: Observed, damping: number): Float64Array {
  const { gram, columns: n, items, mean, sum } = layer;
  const h = new Float64Array(n * n);
  const common = mean && sum ? sum.tokens : 0;
  let trace = 0;
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) {
      // Devices sum in different order above and below the diagonal.
      const product = (gram[i * n + j]! + gram[j * n + i]!) / items;
      h[i * n + j] = common === 0 ? product : product - (2 / items) * common * mean![i]! * mean![j]!;
      if (i === j) trace += h[i * n + i]!;
    }
  const ridge = damping * (trace / n);
  for (let i = 0; i < n; i++) h[i * n + i] = isDead(layer, i) ? 1 : h[i * n + i]! + ridge;
  return h;
}

/** -mean^T L: L's row for the constant input, see `Factor.constant`. */
function constantRow(
  mean: Float64Array | undefined,
  columns: Int32Array,
  boundaries: Int32Array,
  lower: Float32Array,
): Float32Array {
  if (!mean) return new Float32Array(0);
  const row = Float64Array.from(columns, (column) => -mean[column]!);
  for (let block = 1, from = 0; block + 1 < boundaries.length; block++)
    for (let p = boundaries[block]!; p < boundaries[block + 1]!; p++, from += boundaries[block]!)
      for (let q = 0; q < boundaries[block]!; q++) row[q]! -= mean[columns[p]!]! * lower[from + q]!;
  return Float32Array.from(row);
}
