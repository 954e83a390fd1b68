// Materialises cuts on the device: gathers columns of the dense weight and rows of the factor, which a graph would gather
// value by value, and has a graph compute from them. `core/factor.ts` is the reference.

import { columnsInOrder, type Factor, lowerSize } from "../core/factor.ts";
import type { Level, Tensor } from "../core/tensor.ts";
import type { DeviceTensor, Runtime } from "../runtime/runtime.ts";
import { type CutShape, cutGraph, innerBlocks } from "./cut-graph.ts";
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
      const take = kept > rows ? takeColumnsTurned : takeColumns; // as the graph adds to them
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

/** Rows gathered at once, so that the index of a column is read once for all of them. */
const TOGETHER = 4;

/** [rows, columns] -> [rows, chosen.length] */
function takeColumns({ shape, data }: Tensor, chosen: Int32Array, taken: Float32Array): Tensor {
  const [rows, columns] = shape as [number, number];
  const count = chosen.length;
  let row = 0;
  for (; row + TOGETHER <= rows; row += TOGETHER) {
    const from = row * columns;
    for (let i = 0, at = row * count; i < count; i++, at++) {
      const first = from + chosen[i]!;
      taken[at] = data[first]!;
      taken[at + count] = data[first + columns]!;
      taken[at + 2 * count] = data[first + 2 * columns]!;
      taken[at + 3 * count] = data[first + 3 * columns]!;
    }
  }
  for (; row < rows; row++) for (let i = 0; i < count; i++) taken[row * count + i] = data[row * columns + chosen[i]!]!;
  return { shape: [rows, count], data: taken };
}

/** As `takeColumns`, one row per column. */
function takeColumnsTurned({ shape, data }: Tensor, chosen: Int32Array, taken: Float32Array): Tensor {
  const [rows, columns] = shape as [number, number];
  let row = 0;
  for (; row + TOGETHER <= rows; row += TOGETHER) {
    const from = row * columns;
    for (let i = 0, at = row; i < chosen.length; i++, at += rows) {
      const first = from + chosen[i]!;
      taken[at] = data[first]!;
      taken[at + 1] = data[first + columns]!;
      taken[at + 2] = data[first + 2 * columns]!;
      taken[at + 3] = data[first + 3 * columns]!;
    }
  }
  for (; row < rows; row++)
    for (let i = 0; i < chosen.length; i++) taken[i * rows + row] = data[row * columns + chosen[i]!]!;
  return { shape: [chosen.length, rows], data: taken };
}
