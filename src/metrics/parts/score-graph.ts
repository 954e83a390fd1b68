// What the graphs of closed-form metrics share: their frame, and how tensors become one number per item. An item is
// reduced whole by one thread, so that the number of threads does not show in its last bits.

import { GraphBuilder } from "../../formats/onnx.ts";

/** Channels and places of an item. */
const ITEM = [1, 2, 3];

/**
 * A graph from student and, where it compares, reference to `score` [B].
 * @param score makes [B, 1, 1, 1] of inputs [B, C, h, w]
 */
export function scoreGraph(
  name: string,
  inputs: readonly ("student" | "reference")[],
  score: (g: GraphBuilder, ...inputs: string[]) => string,
): Uint8Array {
  const g = new GraphBuilder(name);
  const given = inputs.map((input) => g.input(input, "float32", ["B", "C", "h", "w"]));
  g.node("Squeeze", [score(g, ...given), g.ints(ITEM)], {}, { outputs: ["score"] });
  g.output("score", "float32", ["B"]);
  return g.build();
}

/** values [B, C, h, w] -> [B, 1, 1, 1] */
export function reduceItem(g: GraphBuilder, by: "Mean" | "Sum" | "Max", values: string): string {
  return g.node(`Reduce${by}`, [values, g.ints(ITEM)]);
}

/** Mean of squares of each item. [B, C, h, w] -> [B, 1, 1, 1] */
export function meanSquare(g: GraphBuilder, values: string): string {
  return reduceItem(g, "Mean", g.node("Mul", [values, values]));
}

/** Keeps zeros at 0 when they are divided by their largest magnitude. */
const LEAST_PEAK = 1e-30;

/**
 * Every tensor divided by its items' largest magnitude over all of them: squares of latents that left all bounds would
 * be infinite. [B, C, h, w]; the divisor is [B, 1, 1, 1].
 */
export function shrunk(
  g: GraphBuilder,
  tensors: readonly string[],
): { readonly tensors: string[]; readonly divisor: string } {
  const peaks = tensors.map((values) => reduceItem(g, "Max", g.node("Abs", [values])));
  const divisor = g.node("Max", [...peaks, g.scalar(LEAST_PEAK)]);
  return { tensors: tensors.map((values) => g.node("Div", [values, divisor])), divisor };
}

/**
 * Pictures in [-1, 1] -> [0, 1] as Diff-ES's fitness clamps them, less 1/2: what looks at differences does not see the
 * shift and keeps the digits that it would cost. What is not finite becomes NaN, which clamping would hide. [B, 3, H, W]
 */
export function clampedPictures(g: GraphBuilder, pictures: string): string {
  const half = g.scalar(0.5);
  const clamped = g.node("Clip", [g.node("Mul", [pictures, half]), g.scalar(-0.5), half]);
  return g.node("Add", [clamped, g.node("Mul", [pictures, g.scalar(0)])]);
}

/** Minus the mean squared difference of two pictures in [0, 1]: a graph for `graphScorer`. */
export function pictureErrorGraph(name: string): Uint8Array {
  return scoreGraph(name, ["student", "reference"], (g, ...pictures) => {
    const difference = g.node(
      "Sub",
      pictures.map((picture) => clampedPictures(g, picture)),
    );
    return g.node("Neg", [meanSquare(g, difference)]);
  });
}
