// Minus the mean squared difference of latents from the dense model's (the authors' latent_mse): the fitness of a model
// that came without a decoder, and the cheapest there is.

import { graphScorer, type Metric } from "./metric.ts";
import { meanSquare, scoreGraph } from "./parts/score-graph.ts";

export const latentMse: Metric = {
  label: "Latent error",
  help: "Mean squared difference of the latents from the dense model's, mean (t - s)². 0 is identical; no decoder is needed.",
  options: {},
  role: "fitness",
  direction: "lower",
  range: [0, Infinity],
  space: "latent",
  reference: true,
  networks: [],
  open: (runtime) => graphScorer(runtime, latentMseGraph(), "latent-mse", latentMse),
};

/** student, reference [B, C, h, w] -> score [B] */
function latentMseGraph(): Uint8Array {
  return scoreGraph("latent-mse", ["student", "reference"], (g, ...latents) =>
    g.node("Neg", [meanSquare(g, g.node("Sub", latents))]),
  );
}
