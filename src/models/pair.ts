// A lone picture, made two. ONNX Runtime shares out the convolutions of several pictures whole, but splits those of a
// single one among its threads, and how it splits them shows in the last bits. History hashes must not depend on that.

import type { GraphBuilder } from "../formats/onnx.ts";

/** [B, ...rest of rank 4] with B at least 2: a lone picture is repeated. */
export function atLeastTwo(g: GraphBuilder, pictures: string): string {
  const shape = g.node("Max", [g.node("Shape", [pictures]), g.ints([2, 1, 1, 1])]);
  return g.node("Expand", [pictures, shape]);
}

/** The first B entries of `values`, B as in `pictures`. */
export function asMany(g: GraphBuilder, values: string, pictures: string, output: string): string {
  const count = g.node("Shape", [pictures], { start: 0, end: 1 });
  return g.node("Slice", [values, g.ints([0]), count, g.ints([0])], {}, { outputs: [output] });
}
