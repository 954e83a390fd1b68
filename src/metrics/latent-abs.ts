// Minus the mean absolute difference of latents from the dense model's (the authors' latent_abs): one coordinate far
// off weighs less than in the mean square.

import { graphScorer, type Metric } from "./metric.ts";
import { reduceItem, scoreGraph } from "./parts/score-graph.ts";

export const latentAbs: Metric = {
  label: "Absolute latent error",
  help: "Mean absolute difference of the latents from the dense model's, mean |t - s|. 0 is identical; no decoder is needed.",
  options: {},
  role: "fitness",
  direction: "lower",
  range: [0, Infinity],
  space: "latent",
  reference: true,
  networks: [],
  open: (runtime) => graphScorer(runtime, latentAbsGraph(), "latent-abs", latentAbs),
};

/** student, reference [B, C, h, w] -> score [B] */
function latentAbsGraph(): Uint8Array {
  return scoreGraph("latent-abs", ["student", "reference"], (g, ...latents) =>
    g.node("Neg", [reduceItem(g, "Mean", g.node("Abs", [g.node("Sub", latents)]))]),
  );
}
