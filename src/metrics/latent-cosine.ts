// Cosine between the flattened latents and the dense model's (the authors' latent_cos): the direction, not the length.
// Latents of nothing but zeros have no direction and score 0.

import { graphScorer, type Metric } from "./metric.ts";
import { reduceItem, scoreGraph, shrunk } from "./parts/score-graph.ts";

/** Latents divided by their largest magnitude have norms of at least 1, or are zero. */
const LEAST_NORM = 1e-6;

export const latentCosine: Metric = {
  label: "Latent cosine",
  help: "Cosine between the latents and the dense model's, t·s / (|t| |s|). 1 is the same direction, 0 a right angle; no decoder is needed.",
  options: {},
  role: "fitness",
  direction: "higher",
  range: [-1, 1],
  space: "latent",
  reference: true,
  networks: [],
  open: (runtime) => graphScorer(runtime, latentCosineGraph(), "latent-cosine", latentCosine),
};

/** student, reference [B, C, h, w] -> score [B] */
function latentCosineGraph(): Uint8Array {
  return scoreGraph("latent-cosine", ["student", "reference"], (g, ...latents) => {
    const [s, t] = latents.map((values) => shrunk(g, [values]).tensors[0]) as [string, string];
    const dot = (a: string, b: string) => reduceItem(g, "Sum", g.node("Mul", [a, b]));
    // One root of the product: of equal latents it is their square to the bit, and their cosine exactly 1.
    const norms = g.node("Sqrt", [g.node("Mul", [dot(s, s), dot(t, t)])]);
    return g.node("Div", [dot(t, s), g.node("Max", [norms, g.scalar(LEAST_NORM)])]);
  });
}
