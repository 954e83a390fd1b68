// Materialises cuts on the device from the dense weights and a factor: with V_M = W_M L_MM^-T on the removed columns M
// (block forward substitution), the survivors become W'_S = W_S - V_M (L_SM)^T, and the bias, if the factor has a row for
// it, b' = b - V_M (L_1M)^T. `core/factor.ts` is the reference.
// What is gathered here are columns of the dense weight and rows of L, which a graph would gather value by value.

import { columnsInOrder, type Factor, lowerSize } from "../core/factor.ts";
import type { Level, Tensor } from "../core/tensor.ts";
import { GraphBuilder } from "../formats/onnx.ts";
import { product, transposed, upright } from "../models/product.ts";
import type { DeviceTensor, Runtime } from "../runtime/runtime.ts";
import { Sessions } from "./sessions.ts";

/** A linear layer: [rows, columns] and [rows]. */
export interface Affine {
  readonly weight: Tensor;
  readonly bias: Tensor;
}

export interface DeviceCut {
  /** On the surviving columns in elimination order; absent when there are none. [rows, s] */
  readonly weight?: DeviceTensor;
  /** Absent when the dense one stays. [rows] */
  readonly bias?: DeviceTensor;
}

export class CutMaker {
  readonly #runtime: Runtime;
  readonly #sessions: Sessions;
  readonly #spaces = new Map<string, Float32Array>();

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
    this.#sessions = new Sessions(runtime);
  }

  /** The layer's weight and bias at a level; the caller frees what it gets. */
  async cut(factor: Factor, { weight, bias }: Affine, level: Level): Promise<DeviceCut> {
    const rows = weight.shape[0] as number;
    const columns = columnsInOrder(factor);
    const removed = factor.boundaries[level] as number;
    const kept = columns.length - removed;
    const moves = factor.constant.length > 0;
    const survivors = columns.subarray(removed);
    // Nothing removed yet, or L is the identity: nothing to compensate.
    if (removed === 0 || (kept > 0 && factor.lower.length === 0))
      return { weight: this.#runtime.upload(takeColumns(weight, survivors, new Float32Array(rows * kept))) };
    if (kept === 0 && !moves) return {};
    const shape: CutShape = { rows, borders: blockBorders(factor.boundaries, removed), kept, moves };
    const session = await this.#sessions.get(`cut ${JSON.stringify(shape)}`, () => cutGraph(shape));
    const space = (name: string, size: number) => this.#space(name, size);
    const gone = columns.subarray(0, removed);
    const feeds: Record<string, Tensor> = { removed: takeColumns(weight, gone, space("removed", rows * removed)) };
    if (kept > 0) {
      const take = kept > rows ? takeColumnsTurned : takeColumns;
      feeds.survivors = take(weight, survivors, space("survivors", rows * kept));
      feeds.below = belowRows(factor, removed, space("below", kept * removed));
    }
    if (moves) {
      feeds.dense = bias;
      feeds.constant = { shape: [1, removed], data: factor.constant.subarray(0, removed) };
    }
    for (const [before, end] of innerBlocks(shape.borders)) feeds[`lower${before}`] = blockRows(factor, before, end);
    return session.run(feeds);
  }

  free(): Promise<void> {
    this.#spaces.clear();
    return this.#sessions.free();
  }

  /** Memory for what a run is fed with, taken again for the next one: garbage of this size is collected at once. */
  #space(name: string, size: number): Float32Array {
    const known = this.#spaces.get(name);
    const space = known && known.length >= size ? known : new Float32Array(size);
    this.#spaces.set(name, space);
    return space.subarray(0, size);
  }
}

/** Level boundaries up to `removed`, without the empty levels of a layer that has fewer structures than levels. */
function blockBorders(boundaries: Int32Array, removed: number): number[] {
  return [...new Set(boundaries)].filter((border) => border <= removed);
}

/** Removed blocks after the first, as [columns before it, its end]. */
function innerBlocks(borders: readonly number[]): (readonly [number, number])[] {
  return borders.slice(2).map((end, index) => [borders[index + 1] as number, end] as const);
}

/** What a graph depends on. */
interface CutShape {
  readonly rows: number;
  /** Of the removed blocks: 0 … removed columns. */
  readonly borders: readonly number[];
  readonly kept: number;
  /** Whether the bias changes, too. */
  readonly moves: boolean;
}

function cutGraph({ rows, borders, kept, moves }: CutShape): Uint8Array {
  const g = new GraphBuilder("cut");
  const count = borders.at(-1) as number;
  const removed = g.input("removed", "float32", [rows, count]);
  const part = (from: number, to: number) => g.node("Slice", [removed, g.ints([from]), g.ints([to]), g.ints([1])]);
  // V on the removed columns, block after block: V_b = W_b - [V_0 … V_b-1] L_b^T.
  let solved = borders.length > 2 ? part(0, borders[1] as number) : removed;
  for (const [before, end] of innerBlocks(borders)) {
    const next = product(g, {
      left: { value: solved, turned: false },
      right: g.input(`lower${before}`, "float32", [end - before, before]),
      wide: end - before > rows,
      plus: (turned) => (turned ? transposed(g, part(before, end)) : part(before, end)),
      scale: -1,
    });
    solved = g.node("Concat", [solved, upright(g, next)], { axis: 1 }); // [rows, end]
  }
  if (kept > 0) {
    const wide = kept > rows;
    const survivors = g.input("survivors", "float32", wide ? [kept, rows] : [rows, kept]);
    const cut = product(g, {
      left: { value: solved, turned: false },
      right: g.input("below", "float32", [kept, count]),
      wide,
      plus: () => survivors,
      scale: -1,
    });
    g.output(g.node("Identity", [upright(g, cut)], {}, { outputs: ["weight"] }), "float32", [rows, kept]);
  }
  if (moves) {
    const moved = g.node("Mul", [solved, g.input("constant", "float32", [1, count])]);
    const sum = g.node("ReduceSum", [moved, g.ints([1])], { keepdims: 0 });
    const dense = g.input("dense", "float32", [rows]);
    g.output(g.node("Sub", [dense, sum], {}, { outputs: ["bias"] }), "float32", [rows]);
  }
  return g.build();
}

/** Rows `removed` … of L in elimination order, on the removed columns. [kept, removed] */
function belowRows({ boundaries, lower }: Factor, removed: number, data: Float32Array): Tensor {
  let at = 0;
  for (let block = 1, offset = 0; block + 1 < boundaries.length; block++) {
    const width = boundaries[block] as number;
    const end = offset + width * ((boundaries[block + 1] as number) - width);
    if (width < removed) offset = end;
    for (; offset < end; offset += width, at += removed) data.set(lower.subarray(offset, offset + removed), at);
  }
  return { shape: [data.length / removed, removed], data };
}

/** Rows before … end-1 of L, which are a block, on the columns before it; not copied. [end - before, before] */
function blockRows({ boundaries, lower }: Factor, before: number, end: number): Tensor {
  const size = (end - before) * before;
  const offset = lowerSize(boundaries.subarray(0, boundaries.indexOf(end) + 1)) - size;
  return { shape: [end - before, before], data: lower.subarray(offset, offset + size) };
}

/** [rows, columns] -> [rows, chosen.length] */
function takeColumns({ shape, data }: Tensor, chosen: Int32Array, taken: Float32Array): Tensor {
  const [rows, columns] = shape as [number, number];
  for (let row = 0, at = 0; row < rows; row++) {
    const from = row * columns;
    for (let i = 0; i < chosen.length; i++) taken[at++] = data[from + chosen[i]!]!;
  }
  return { shape: [rows, chosen.length], data: taken };
}

/** As `takeColumns`, one row per column. */
function takeColumnsTurned({ shape, data }: Tensor, chosen: Int32Array, taken: Float32Array): Tensor {
  const [rows, columns] = shape as [number, number];
  for (let i = 0, at = 0; i < chosen.length; i++)
    for (let row = 0, from = chosen[i]!; row < rows; row++, from += columns) taken[at++] = data[from]!;
  return { shape: [chosen.length, rows], data: taken };
}
