// LayerDrop (Diff-ES §3.3): removes whole transformer blocks, those first that change their input least. A removed
// block is the identity. Nothing protects the first and last block, as in the paper.

import { StudioError } from "../core/errors.ts";
import type { DepthPruner } from "./pruner.ts";

export const layerdrop: DepthPruner = {
  kind: "depth",
  label: "LayerDrop",
  help: "Skips whole transformer blocks, those first that change their input least.",
  equation: "1 − cos(x, block(x)), mean over calibration latents; the smallest goes first",
  source: "Diff-ES §3.3",
  options: {},
  needs: ["block-change"],
  rank(change) {
    const strange = change.findIndex((value) => !Number.isFinite(value));
    if (strange >= 0)
      throw new StudioError("invalid-input", `layerdrop: block ${strange} changes its input by ${change[strange]}`);
    return Int32Array.from(change.keys()).sort((a, b) => change[a]! - change[b]! || a - b);
  },
};
