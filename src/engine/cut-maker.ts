// Materialises cuts on the device. V = W L^-T is computed once per layer and stage by block forward
// substitution; any level is then one product W'_S = V_S (L_SS)^T. `core/factor.ts` is the reference.

import { columnsInOrder, type Factor } from "../core/factor.ts";
import type { Bytes, Level, Tensor } from "../core/tensor.ts";
import { GraphBuilder } from "../formats/onnx.ts";
import { type DeviceTensor, type Runtime, takeFloats } from "../runtime/runtime.ts";
import { ByteCache } from "./byte-cache.ts";
import { Sessions } from "./sessions.ts";

/** All stages of the demo model need 74 MB. */
const SOLVED_BYTES: Bytes = 192 * 2 ** 20;

export class CutMaker {
  readonly #runtime: Runtime;
  readonly #sessions: Sessions;
  readonly #solved = new ByteCache<Tensor>(SOLVED_BYTES);

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
    this.#sessions = new Sessions(runtime);
  }

  /**
   * Compensated weights [rows, s] on the surviving columns in elimination order; the caller frees them.
   * `where` identifies the layer and its stage. `level` must leave at least one column.
   */
  async cut(where: string, factor: Factor, weight: Tensor, level: Level): Promise<DeviceTensor> {
    const solved = await this.#solve(where, factor, weight);
    const removed = factor.boundaries[level] as number;
    const survivors = columnsFrom(solved, removed);
    if (factor.lower.length === 0) return this.#runtime.upload(survivors); // L is the identity: nothing to compensate
    const session = await this.#sessions.get("cut/product", productGraph);
    const { weight: cut } = await session.run({ solved: survivors, lower: lowerFrom(factor, level) });
    return cut as DeviceTensor;
  }

  async free(): Promise<void> {
    this.#solved.clear();
    await this.#sessions.free();
  }

  /** V = W L^-T, columns in elimination order. [rows, columns] */
  async #solve(where: string, factor: Factor, weight: Tensor): Promise<Tensor> {
    const known = this.#solved.get(where);
    if (known) return known;
    const permuted = takeColumns(weight, columnsInOrder(factor));
    let solved = permuted;
    const borders = blockBorders(factor.boundaries);
    if (factor.lower.length > 0) {
      const session = await this.#sessions.get(`cut/solve ${borders.join()}`, () => solveGraph(borders));
      const feeds: Record<string, Tensor> = { weight: permuted };
      let offset = 0;
      for (let block = 1; block + 1 < borders.length; block++) {
        const before = borders[block] as number;
        const size = (borders[block + 1] as number) - before;
        feeds[`lower${block}`] = {
          shape: [size, before],
          data: factor.lower.subarray(offset, offset + size * before),
        };
        offset += size * before;
      }
      const { solved: result } = await session.run(feeds);
      solved = await takeFloats(result as DeviceTensor);
    }
    this.#solved.set(where, solved, 4 * solved.data.length);
    return solved;
  }
}

/** Level boundaries without the empty levels of a layer that has fewer structures than there are levels. */
function blockBorders(boundaries: Int32Array): number[] {
  return [...new Set(boundaries)];
}

/** V_b = W_b - [V_0 … V_b-1] L_b^T, block by block. */
function solveGraph(borders: readonly number[]): Uint8Array {
  const columns = borders.at(-1) as number;
  const graph = new GraphBuilder("solve");
  const weight = graph.input("weight", "float32", ["rows", columns]);
  const axis = graph.ints([1]);
  const slice = (from: number, to: number) => graph.node("Slice", [weight, graph.ints([from]), graph.ints([to]), axis]);
  let solved = slice(0, borders[1] as number);
  for (let block = 1; block + 1 < borders.length; block++) {
    const [from, to] = [borders[block] as number, borders[block + 1] as number];
    const lower = graph.input(`lower${block}`, "float32", [to - from, from]);
    const known = graph.node("Gemm", [solved, lower], { transB: 1 });
    const next = graph.node("Sub", [slice(from, to), known]);
    solved = graph.node("Concat", [solved, next], { axis: 1 });
  }
  graph.output(graph.node("Identity", [solved], {}, { outputs: ["solved"] }), "float32", ["rows", columns]);
  return graph.build();
}

/** W' = V_S (L_SS)^T */
function productGraph(): Uint8Array {
  const graph = new GraphBuilder("product");
  const solved = graph.input("solved", "float32", ["rows", "kept"]);
  const lower = graph.input("lower", "float32", ["kept", "kept"]);
  const weight = graph.node("Gemm", [solved, lower], { transB: 1 }, { outputs: ["weight"] });
  graph.output(weight, "float32", ["rows", "kept"]);
  return graph.build();
}

/** L_SS of the columns that survive `level`: unit diagonal, level blocks below it. [s, s] */
function lowerFrom(factor: Factor, level: Level): Tensor {
  const borders = blockBorders(factor.boundaries);
  const columns = borders.at(-1) as number;
  const removed = factor.boundaries[level] as number;
  const kept = columns - removed;
  const data = new Float32Array(kept * kept);
  let offset = 0;
  for (let block = 0; block + 1 < borders.length; block++) {
    const before = borders[block] as number;
    for (let row = before; row < (borders[block + 1] as number); row++) {
      if (row >= removed) {
        const at = (row - removed) * kept;
        if (before > removed) data.set(factor.lower.subarray(offset + removed, offset + before), at);
        data[at + row - removed] = 1;
      }
      offset += before;
    }
  }
  return { shape: [kept, kept], data };
}

/** Columns `from` … of a row-major matrix. */
function columnsFrom({ shape, data }: Tensor, from: number): Tensor {
  const [rows, columns] = shape as [number, number];
  const width = columns - from;
  const taken = new Float32Array(rows * width);
  for (let row = 0; row < rows; row++) taken.set(data.subarray(row * columns + from, (row + 1) * columns), row * width);
  return { shape: [rows, width], data: taken };
}

function takeColumns({ shape, data }: Tensor, order: Int32Array): Tensor {
  const [rows, columns] = shape as [number, number];
  const taken = new Float32Array(data.length);
  for (let row = 0; row < rows; row++)
    for (let i = 0; i < columns; i++) taken[row * columns + i] = data[row * columns + (order[i] as number)] as number;
  return { shape, data: taken };
}
