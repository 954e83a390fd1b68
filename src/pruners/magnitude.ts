// Magnitude: structures with the smallest weights go first (first order, no refit).
//
//   s_c = ||W_:,c||_1 = sum_o |W_oc|     s_head = sum of s_c over the head's columns of attn.proj
//
// The weights alone decide, so nothing is calibrated and all stages have the same order. The authors' DiT code groups
// the row sums of attn.proj instead, see `perOutputRows`.

import { checkOptions } from "../core/options.ts";
import { columnNorms, columnsOrCompat, perOutputRows, perStructure, rankByScore, rowNorms } from "./parts/scores.ts";
import type { WidthPruner } from "./pruner.ts";

export const magnitude: WidthPruner = {
  kind: "width",
  label: "Magnitude",
  help: "Removes the heads and channels with the smallest weights; the same in every stage.",
  options: columnsOrCompat,
  needs: [],
  factor(layer, given) {
    const { variant } = checkOptions("magnitude", columnsOrCompat, given);
    return rankByScore("magnitude", layer, () =>
      variant === "official-compat" && layer.structure === "head"
        ? perOutputRows("magnitude", layer, rowNorms(layer.weight, layer.columns))
        : perStructure(layer, columnNorms(layer)),
    );
  },
};
