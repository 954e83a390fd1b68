// Weighted sums of two tensors, which is all that a solver does: at the end of a step's graph, and by itself for solvers
// that look back.

import { GraphBuilder, type GraphWriter } from "../formats/onnx.ts";

/** output = weights[0] a + weights[1] b; weights [2] */
export function mixNodes(g: GraphWriter, a: string, b: string, weights: string, output: string): string {
  const [first, second] = g.nodes("Split", 2, [weights], { axis: 0, num_outputs: 2 }) as [string, string];
  return g.node("Add", [g.node("Mul", [first, a]), g.node("Mul", [second, b])], {}, { outputs: [output] });
}

/** Inputs `a` and `b` [B, C, h, w], `weights` [2]; output `sum` [B, C, h, w]. */
export function mixGraph(): Uint8Array {
  const g = new GraphBuilder("mix");
  const image = ["B", "C", "h", "w"];
  const [a, b] = ["a", "b"].map((name) => g.input(name, "float32", image)) as [string, string];
  g.output(mixNodes(g, a, b, g.input("weights", "float32", [2]), "sum"), "float32", image);
  return g.build();
}
