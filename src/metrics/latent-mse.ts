// Minus the mean squared difference of final latents from the dense model's (the authors' latent_mse): the fitness
// of a model that came without a decoder, and the cheapest there is.

import { GraphBuilder } from "../formats/onnx.ts";
import { graphScorer, type Metric } from "./metric.ts";

export const latentMse: Metric = {
  label: "Latent error",
  help: "Mean squared difference of the final latents from the dense model's. 0 is identical; no decoder is needed.",
  options: {},
  role: "fitness",
  direction: "lower",
  space: "latent",
  reference: true,
  networks: [],
  open: (runtime) => graphScorer(runtime, latentMseGraph(), "latent-mse", latentMse),
};

/** student, reference [B, C, h, w] -> score [B] */
function latentMseGraph(): Uint8Array {
  const g = new GraphBuilder("latent-mse");
  const [student, reference] = ["student", "reference"].map((name) =>
    g.input(name, "float32", ["B", "C", "h", "w"]),
  ) as [string, string];
  const difference = g.node("Sub", [student, reference]);
  const squared = g.node("Mul", [difference, difference]);
  g.node("Neg", [g.node("ReduceMean", [squared, g.ints([1, 2, 3])], { keepdims: 0 })], {}, { outputs: ["score"] }); // [B]
  g.output("score", "float32", ["B"]);
  return g.build();
}
