// Activation: structures whose activations are weakest in a stage go first (first order, no refit).
//
//   s_c = E[x_c^2] over tokens and items, x the input of attn.proj or mlp.fc2     s_head = sum over the head's columns
//
// The authors' DiT code takes E[y_o^2] of the outputs of attn.proj for heads, grouped as if rows were heads, see
// `perOutputRows`. Their y is what the layer returns, so it holds the bias, and so does ours.

import { checkOptions } from "../core/options.ts";
import { columnsOrCompat, momentsOf, perOutputRows, perStructure, rankByScore } from "./parts/scores.ts";
import type { WidthPruner } from "./pruner.ts";

export const activation: WidthPruner = {
  kind: "width",
  label: "Activation",
  help: "Removes the heads and channels whose activations are weakest in each stage.",
  options: columnsOrCompat,
  needs: ["moments"],
  factor(layer, given) {
    const { variant } = checkOptions("activation", columnsOrCompat, given);
    return rankByScore("activation", layer, () => {
      const { input, output } = momentsOf("activation", layer);
      return variant === "official-compat" && layer.structure === "head"
        ? perOutputRows("activation", layer, output)
        : perStructure(layer, input);
    });
  },
};
