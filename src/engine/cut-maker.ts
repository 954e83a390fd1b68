// Materialises cuts on the device from the dense weights and a factor: with V_M = W_M L_MM^-T on the removed columns M
// (block forward substitution), the survivors become W'_S = W_S - V_M (L_SM)^T, and the bias, if the factor has a row for
// it, b' = b - V_M (L_1M)^T. `core/factor.ts` is the reference.
// Matrices that multiply from the left come transposed: ONNX Runtime then adds up in one order, whatever the number of
// threads.

import { columnsInOrder, type Factor } from "../core/factor.ts";
import type { Level, Tensor } from "../core/tensor.ts";
import { GraphBuilder } from "../formats/onnx.ts";
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

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
    this.#sessions = new Sessions(runtime);
  }

  /** The layer's weight and bias at a level; the caller frees what it gets. */
  async cut(factor: Factor, { weight, bias }: Affine, level: Level): Promise<DeviceCut> {
    const columns = columnsInOrder(factor);
    const removed = factor.boundaries[level] as number;
    const parts = { kept: removed < columns.length, bias: factor.constant.length > 0 };
    const survivors = takeColumns(weight, columns.subarray(removed));
    // Nothing removed yet, or L is the identity: nothing to compensate.
    if (removed === 0 || (parts.kept && factor.lower.length === 0)) return { weight: this.#runtime.upload(survivors) };
    if (!parts.kept && !parts.bias) return {};
    const borders = blockBorders(factor.boundaries, removed);
    const key = `cut ${borders.join()}${parts.kept ? "" : " nothing kept"}${parts.bias ? " bias" : ""}`;
    const session = await this.#sessions.get(key, () => cutGraph(borders, parts));
    const feeds: Record<string, Tensor> = { removed: takeColumnsTransposed(weight, columns.subarray(0, removed)) };
    if (parts.kept) {
      feeds.survivors = survivors;
      feeds.below = lowerRows(factor, removed, columns.length, removed);
    }
    if (parts.bias) {
      feeds.dense = bias;
      feeds.constant = { shape: [removed, 1], data: factor.constant.subarray(0, removed) };
    }
    for (const [before, end] of innerBlocks(borders)) feeds[`lower${before}`] = lowerRows(factor, before, end, before);
    return session.run(feeds);
  }

  free(): Promise<void> {
    return this.#sessions.free();
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

function cutGraph(borders: readonly number[], parts: { readonly kept: boolean; readonly bias: boolean }): Uint8Array {
  const g = new GraphBuilder("cut");
  const count = borders.at(-1) as number;
  const removed = g.input("removed", "float32", [count, "rows"]);
  const part = (from: number, to: number) => g.node("Slice", [removed, g.ints([from]), g.ints([to]), g.ints([0])]);
  // V^T of the removed columns, block after block: V_b = W_b - [V_0 … V_b-1] L_b^T.
  let solved = borders.length > 2 ? part(0, borders[1] as number) : removed;
  for (const [before, end] of innerBlocks(borders)) {
    const lower = g.input(`lower${before}`, "float32", [end - before, before]);
    const known = g.node("Gemm", [solved, lower], { transA: 1, transB: 1 }); // [rows, end - before]
    const next = g.node("Sub", [part(before, end), turned(g, known)]);
    solved = g.node("Concat", [solved, next], { axis: 0 });
  }
  if (parts.kept) {
    const survivors = g.input("survivors", "float32", ["rows", "kept"]);
    const below = g.input("below", "float32", ["kept", count]);
    const inputs = [solved, below, survivors];
    const weight = g.node("Gemm", inputs, { transA: 1, transB: 1, alpha: { float: -1 } }, { outputs: ["weight"] });
    g.output(weight, "float32", ["rows", "kept"]);
  }
  if (parts.bias) {
    const moved = g.node("Mul", [solved, g.input("constant", "float32", [count, 1])]);
    const sum = g.node("ReduceSum", [moved, g.ints([0])], { keepdims: 0 });
    const dense = g.input("dense", "float32", ["rows"]);
    g.output(g.node("Sub", [dense, sum], {}, { outputs: ["bias"] }), "float32", ["rows"]);
  }
  return g.build();
}

/** [rows, n] -> [n, rows]; the third dimension keeps ONNX Runtime from exchanging the factors of the product instead. */
function turned(g: GraphBuilder, matrix: string): string {
  const planes = g.node("Transpose", [g.node("Unsqueeze", [matrix, g.ints([1])])], { perm: [2, 1, 0] });
  return g.node("Squeeze", [planes, g.ints([1])]);
}

/** Rows from … to-1 of L in elimination order, their first `width` columns. [to - from, width] */
function lowerRows(factor: Factor, from: number, to: number, width: number): Tensor {
  const { boundaries, lower } = factor;
  const data = new Float32Array((to - from) * width);
  let offset = 0;
  for (let block = 1; block + 1 < boundaries.length; block++) {
    const before = boundaries[block] as number;
    for (let row = before; row < (boundaries[block + 1] as number); row++, offset += before)
      if (row >= from && row < to) data.set(lower.subarray(offset, offset + width), (row - from) * width);
  }
  return { shape: [to - from, width], data };
}

function takeColumns({ shape, data }: Tensor, chosen: Int32Array): Tensor {
  const [rows, columns] = shape as [number, number];
  const taken = new Float32Array(rows * chosen.length);
  for (let row = 0; row < rows; row++)
    for (let i = 0; i < chosen.length; i++)
      taken[row * chosen.length + i] = data[row * columns + (chosen[i] as number)] as number;
  return { shape: [rows, chosen.length], data: taken };
}

/** As `takeColumns`, one row per column. */
function takeColumnsTransposed({ shape, data }: Tensor, chosen: Int32Array): Tensor {
  const [rows, columns] = shape as [number, number];
  const taken = new Float32Array(rows * chosen.length);
  for (let i = 0; i < chosen.length; i++)
    for (let row = 0; row < rows; row++) taken[i * rows + row] = data[row * columns + (chosen[i] as number)] as number;
  return { shape: [chosen.length, rows], data: taken };
}
