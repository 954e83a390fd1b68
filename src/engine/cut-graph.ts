// A cut as a graph. With a factor's rows L in elimination order, M the removed columns and S the surviving ones, the
// compensated weights are W'_S = W_S - W_M L_MM^-T (L_SM)^T, and the bias, if the factor has a row for it,
// b' = b - W_M L_MM^-T (L_1M)^T. Whichever of W_M and L_SM has fewer rows meets the inverse, by substitution block after
// block: that takes half of M^2 products for each of its rows, the rest is the same.

import { GraphBuilder } from "../formats/onnx.ts";
import { product, transposed, upright } from "../models/product.ts";

/** What a graph depends on. */
export interface CutShape {
  readonly rows: number;
  /** Of the removed blocks: 0 … removed columns. */
  readonly borders: readonly number[];
  readonly kept: number;
  /** Whether the bias changes, too. */
  readonly moves: boolean;
}

/**
 * Inputs: `removed` [rows, removed], `lower{before}` [block, before] for every removed block but the first; `survivors`
 * [rows, kept] (turned when kept > rows) and `below` [kept, removed] when columns survive; `dense` [rows] and `constant`
 * [1, removed] when the bias moves. Outputs: `weight` [rows, kept], `bias` [rows].
 */
export function cutGraph(shape: CutShape): Uint8Array {
  const { rows, kept, moves } = shape;
  const g = new GraphBuilder("cut");
  if (kept + (moves ? 1 : 0) < rows) fewSurvivors(g, shape);
  else manySurvivors(g, shape);
  return g.build();
}

/** Removed blocks after the first, as [columns before it, its end]. */
export function innerBlocks(borders: readonly number[]): (readonly [number, number])[] {
  return borders.slice(2).map((end, index) => [borders[index + 1] as number, end] as const);
}

/** V = W_M L_MM^-T from the first block to the last: V_b = W_b - [V_0 … V_b-1] L_b^T. */
function manySurvivors(g: GraphBuilder, { rows, borders, kept, moves }: CutShape): void {
  const count = borders.at(-1) as number;
  const removed = g.input("removed", "float32", [rows, count]);
  let solved = borders.length > 2 ? columns(g, removed, 0, borders[1] as number) : removed;
  for (const [before, end] of innerBlocks(borders)) {
    const part = columns(g, removed, before, end);
    const next = product(g, {
      left: { value: solved, turned: false },
      right: { value: lowerBlock(g, before, end), turned: false },
      wide: end - before > rows,
      plus: (turned) => (turned ? transposed(g, part) : part),
      scale: -1,
    });
    solved = g.node("Concat", [solved, upright(g, next)], { axis: 1 }); // [rows, end]
  }
  if (kept > 0) {
    const wide = kept > rows;
    const survivors = g.input("survivors", "float32", wide ? [kept, rows] : [rows, kept]);
    const cut = product(g, {
      left: { value: solved, turned: false },
      right: { value: g.input("below", "float32", [kept, count]), turned: false },
      wide,
      plus: () => survivors,
      scale: -1,
    });
    output(g, "weight", upright(g, cut), [rows, kept]);
  }
  if (moves) {
    const moved = g.node("Mul", [solved, g.input("constant", "float32", [1, count])]);
    const sum = g.node("ReduceSum", [moved, g.ints([1])], { keepdims: 0 });
    output(g, "bias", g.node("Sub", [g.input("dense", "float32", [rows]), sum]), [rows]);
  }
}

/** X = L_SM L_MM^-1 from the last block to the first: once X_b is known, X_b L_b leaves the columns before it. */
function fewSurvivors(g: GraphBuilder, { rows, borders, kept, moves }: CutShape): void {
  const count = borders.at(-1) as number;
  const removed = g.input("removed", "float32", [rows, count]);
  const below = kept > 0 ? [g.input("below", "float32", [kept, count])] : [];
  if (moves) below.push(g.input("constant", "float32", [1, count]));
  const height = kept + (moves ? 1 : 0);
  let rest = joined(g, below, 0);
  const solved: string[] = [];
  for (const [before, end] of innerBlocks(borders).reverse()) {
    const block = columns(g, rest, before, end);
    solved.unshift(block);
    const left = columns(g, rest, 0, before);
    const next = product(g, {
      left: { value: block, turned: false },
      right: { value: lowerBlock(g, before, end), turned: true },
      wide: before > height,
      plus: (turned) => (turned ? transposed(g, left) : left),
      scale: -1,
    });
    rest = upright(g, next); // [height, before]
  }
  const dense = kept > 0 ? [g.input("survivors", "float32", [rows, kept])] : [];
  if (moves) dense.push(g.node("Unsqueeze", [g.input("dense", "float32", [rows]), g.ints([1])]));
  const cut = product(g, {
    left: { value: removed, turned: false },
    right: { value: joined(g, [rest, ...solved], 1), turned: false },
    wide: false,
    plus: () => joined(g, dense, 1),
    scale: -1,
  }).value; // [rows, height]
  if (kept > 0) output(g, "weight", moves ? columns(g, cut, 0, kept) : cut, [rows, kept]);
  if (moves) output(g, "bias", g.node("Squeeze", [columns(g, cut, kept, height), g.ints([1])]), [rows]);
}

function lowerBlock(g: GraphBuilder, before: number, end: number): string {
  return g.input(`lower${before}`, "float32", [end - before, before]);
}

function columns(g: GraphBuilder, matrix: string, from: number, to: number): string {
  return g.node("Slice", [matrix, g.ints([from]), g.ints([to]), g.ints([1])]);
}

function joined(g: GraphBuilder, parts: readonly string[], axis: number): string {
  return parts.length === 1 ? (parts[0] as string) : g.node("Concat", parts, { axis });
}

function output(g: GraphBuilder, name: string, value: string, shape: readonly number[]): void {
  g.output(g.node("Identity", [value], {}, { outputs: [name] }), "float32", shape);
}
