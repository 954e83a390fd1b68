// Wanda (Sun et al. 2023; Diff-ES Eq. 6-8): weights times the size of what they are multiplied with (first order).
//
//   columns          s_c = ||W_:,c||_1 sqrt(E[x_c^2]), x the input of attn.proj or mlp.fc2; a head: sum over its columns
//   paper            S_ij = |W_ij| ||X_j||_2 (6), a head: mean over its rows of qkv (7), a channel: mean over its row of
//                    fc1 (8), X their input. One reading: the text does not name the head's rows; we take q, k and v
//   official-compat  A_c = E[x_c^2] without the root; a channel: ||W_:,c||_1 A_c; a head: sum over c of |W_oc| A_c for
//                    output rows o of attn.proj, grouped as if rows were heads (see `perOutputRows`)

import { checkOptions, type OptionSpec } from "../core/options.ts";
import { refuse } from "./parts/layer.ts";
import { columnNorms, momentsOf, perOutputRows, perStructure, rankByScore, rowNorms } from "./parts/scores.ts";
import type { LayerStatistics, Moments, WidthPruner } from "./pruner.ts";

const options = {
  variant: {
    kind: "choice",
    label: "Scores",
    help: "What is scored: columns of proj and fc2, rows of qkv and fc1 (paper, one reading of Eq. 6-8), or output rows as in the authors' code (official-compat).",
    default: "columns",
    choices: ["columns", "paper", "official-compat"],
  },
} as const satisfies OptionSpec;

export const wanda: WidthPruner = {
  kind: "width",
  label: "Wanda (first order)",
  help: "Removes the heads and channels where weights times activations are smallest in each stage.",
  equation: "|W_ij| · ‖X_j‖₂",
  source: "Diff-ES Eq. 6-8",
  options,
  needs: ["moments"],
  factor(layer, given) {
    const { variant } = checkOptions("wanda", options, given);
    return rankByScore("wanda", layer, () => {
      const moments = momentsOf("wanda", layer);
      if (variant === "paper") return perStructure(layer, producerScores(layer, moments));
      if (variant === "official-compat" && layer.structure === "head")
        return perOutputRows("wanda", layer, rowNorms(layer.weight, layer.columns, moments.input));
      const size = variant === "columns" ? Math.sqrt : (square: number) => square;
      return perStructure(
        layer,
        columnNorms(layer).map((norm, c) => norm * size(moments.input[c]!)),
      );
    });
  },
};

/** Per column the sum of |W_ij| ||X_j||_2 over the rows that produce it: as many for each, so the mean's order. [columns] */
function producerScores(layer: LayerStatistics, { producer, producerWeights }: Moments): Float64Array {
  const lengths = Float64Array.from(producer, Math.sqrt); // ||X_j||_2. [width]
  const scores = new Float64Array(layer.columns);
  for (const weight of producerWeights) {
    if (weight.length === 0 || weight.length % (layer.columns * lengths.length) !== 0)
      refuse(
        "wanda",
        layer,
        "shape-mismatch",
        `${weight.length} weights do not produce ${layer.columns} columns from ${lengths.length}`,
      );
    rowNorms(weight, lengths.length, lengths).forEach((norm, row) => {
      scores[row % layer.columns]! += norm;
    });
  }
  return scores;
}
