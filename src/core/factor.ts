// The pruning trajectory of one layer in one stage as a single triangular factor: every level of it is
// one matrix product away (structured OBS, Diff-ES §3.3, after Optimal Brain Surgeon).
//
// Columns are taken in elimination order and grouped into the blocks that consecutive levels remove.
// With G = H^-1 = L D L^T in that order (L unit lower triangular by level blocks) and V = W L^-T, the
// weights after level l are W'_S = V_S (L_SS)^T on the surviving columns S and zero elsewhere.
// What is here is the reference that the device's product is checked against.

import { StudioError } from "./errors.ts";
import { dot4 } from "./linalg.ts";
import { type AnyTensor, type Bytes, type Level, sizeOf, tensor } from "./tensor.ts";

export interface Factor {
  /** Structures (heads or channels) in elimination order, first removed first. [columns / groupSize] */
  readonly order: Int32Array;
  /** Columns per structure: the head width, or 1. */
  readonly groupSize: number;
  /** Columns removed at each level, 0 … columns. [maxLevel + 1] */
  readonly boundaries: Int32Array;
  /**
   * Strictly lower level blocks of L, packed: block row b = 1 … maxLevel-1, each row-major
   * [boundaries[b+1] - boundaries[b], boundaries[b]]. Empty for first-order pruners (L = identity).
   */
  readonly lower: Float32Array;
  /**
   * L's row for one more input that is always 1, is never removed, and has the bias for its weight; in elimination
   * order. It moves what removed columns gave on average into the bias. Empty when biases stay. [columns]
   */
  readonly constant: Float32Array;
  /** Increase of the layer's squared output error up to each level, in units of tr(dW H dW^T). [maxLevel + 1] */
  readonly losses: Float64Array;
}

/** Weights of one layer at one level. */
export interface Cut {
  readonly level: Level;
  /** Surviving input columns, ascending. [s] */
  readonly kept: Int32Array;
  /** Compensated weights on those columns, row-major. [rows, s] */
  readonly weight: Float32Array;
  /** Added to the layer's bias: zero without `Factor.constant`. [rows] */
  readonly shift: Float32Array;
}

/** The factor of a method that removes without compensating: L is the identity and the losses are not known (0). */
export function identityFactor(order: Int32Array, groupSize: number, boundaries: Int32Array): Factor {
  const none = new Float32Array(0);
  return { order, groupSize, boundaries, lower: none, constant: none, losses: new Float64Array(boundaries.length) };
}

/** Columns of the layer in elimination order. [columns] */
export function columnsInOrder({ order, groupSize }: Pick<Factor, "order" | "groupSize">): Int32Array {
  const columns = new Int32Array(order.length * groupSize);
  for (let group = 0, p = 0; group < order.length; group++)
    for (let offset = 0; offset < groupSize; offset++) columns[p++] = order[group]! * groupSize + offset;
  return columns;
}

/** Values in `Factor.lower` of a second-order factor. */
export function lowerSize(boundaries: Int32Array): number {
  let size = 0;
  for (let b = 1; b + 1 < boundaries.length; b++) size += (boundaries[b + 1]! - boundaries[b]!) * boundaries[b]!;
  return size;
}

/** L with its unit diagonal, rows and columns in elimination order. Row-major [columns, columns] */
export function unpackLower(factor: Factor): Float32Array {
  const { boundaries, lower } = factor;
  const n = boundaries.at(-1)!;
  const full = new Float32Array(n * n);
  for (let p = 0; p < n; p++) full[p * n + p] = 1;
  if (lower.length === 0) return full;
  let from = 0;
  for (let b = 1; b + 1 < boundaries.length; b++) {
    const width = boundaries[b]!;
    for (let p = width; p < boundaries[b + 1]!; p++, from += width) full.set(lower.subarray(from, from + width), p * n);
  }
  return full;
}

/**
 * V = W L^-T. `weightPermuted` [rows, columns] has its columns in elimination order, and so has the result.
 * @throws shape-mismatch
 */
export function solveV(factor: Factor, weightPermuted: Float32Array, rows: number): Float32Array {
  const n = factor.boundaries.at(-1)!;
  checkWeight(weightPermuted, rows, n);
  const natural = Int32Array.from({ length: n }, (_, p) => p);
  const v = new Float32Array(rows * n);
  substitute(factor, weightPermuted, natural, rows, n, (row, p, value) => {
    v[row * n + p] = value;
  });
  return v;
}

/**
 * The layer's weights at a level; `weight` [rows, columns] is the dense one. Level 0 returns its bits, the top
 * level has no columns.
 * @throws invalid-input for a level that the factor does not have, shape-mismatch
 */
export function materialise(factor: Factor, weight: Float32Array, rows: number, level: Level): Cut {
  const { boundaries, constant } = factor;
  const n = boundaries.at(-1)!;
  checkWeight(weight, rows, n);
  const removed = boundaries[level];
  if (removed === undefined)
    throw new StudioError("invalid-input", `factor: level ${level} is not one of 0 … ${boundaries.length - 1}`);
  const columns = columnsInOrder(factor);
  const kept = columns.slice(removed).sort();
  const place = new Int32Array(n);
  kept.forEach((column, index) => {
    place[column] = index;
  });
  const cut = new Float32Array(rows * kept.length);
  const shift = new Float64Array(rows);
  substitute(factor, weight, columns, rows, removed, (row, p, value) => {
    if (p >= removed) cut[row * kept.length + place[columns[p]!]!] = value;
    else if (constant.length > 0) shift[row]! -= value * constant[p]!;
  });
  return { level, kept, weight: cut, shift: Float32Array.from(shift) };
}

/**
 * Forward substitution by level blocks, stopped at column `removed` of the elimination order: what has been
 * substituted there is V on removed columns and W_S - V_M (L_SM)^T = V_S (L_SS)^T on surviving ones. At 0 it is W,
 * at the end V. Rows are independent; four go together.
 */
function substitute(
  factor: Factor,
  weight: Float32Array,
  columns: Int32Array,
  rows: number,
  removed: number,
  emit: (row: number, p: number, value: number) => void,
): void {
  const { boundaries } = factor;
  const n = columns.length;
  const lower = Float64Array.from(factor.lower);
  const v = new Float64Array(4 * n);
  const sums = new Float64Array(4);
  for (let first = 0; first < rows; first += 4) {
    const count = Math.min(4, rows - first);
    for (let q = 0; q < count; q++) for (let p = 0; p < n; p++) v[q * n + p] = weight[(first + q) * n + columns[p]!]!;
    for (let b = 1, from = 0; lower.length > 0 && b + 1 < boundaries.length; b++) {
      const width = boundaries[b]!;
      const known = Math.min(width, removed);
      for (let p = width; p < boundaries[b + 1]!; p++, from += width) {
        dot4(v, 0, n, 2 * n, 3 * n, lower, from, known, sums);
        for (let q = 0; q < 4; q++) v[q * n + p]! -= sums[q]!;
      }
    }
    for (let q = 0; q < count; q++) for (let p = 0; p < n; p++) emit(first + q, p, v[q * n + p]!);
  }
}

function checkWeight(weight: Float32Array, rows: number, columns: number): void {
  if (weight.length !== rows * columns)
    throw new StudioError("shape-mismatch", `factor: ${weight.length} weights do not fill [${rows}, ${columns}]`);
}

/** Size of `encodeFactor`'s arrays without `constant`; those of a first-order method have no triangle. */
export function factorBytes(columns: number, groupSize: number, boundaries: Int32Array, secondOrder = true): Bytes {
  const triangle = secondOrder ? lowerSize(boundaries) : 0;
  return 4 * (columns / groupSize + 1 + 2 * boundaries.length + triangle);
}

/** The factor as named arrays to store. Losses become float32. */
export function encodeFactor(factor: Factor): Record<string, AnyTensor> {
  const { order, groupSize, boundaries, lower, constant, losses } = factor;
  return {
    order: tensor(order, [order.length]),
    groupSize: tensor(Int32Array.of(groupSize), [1]),
    boundaries: tensor(boundaries, [boundaries.length]),
    lower: tensor(lower, [lower.length]),
    constant: tensor(constant, [constant.length]),
    losses: tensor(Float32Array.from(losses), [losses.length]),
  };
}

/**
 * Undoes `encodeFactor` and checks every number that indexes something.
 * @throws corrupt-data saying which array is wrong.
 */
export function decodeFactor(arrays: Readonly<Record<string, AnyTensor>>, where = "factor"): Factor {
  const refuse = (what: string): never => {
    throw new StudioError("corrupt-data", `${where}: ${what}; calibrate again`);
  };
  const take = (name: string): AnyTensor["data"] => {
    const found = Object.hasOwn(arrays, name) ? arrays[name] : undefined;
    if (!found) return refuse(`"${name}" is missing`);
    if (found.data.length !== sizeOf(found.shape)) refuse(`"${name}" does not fill its shape`);
    return found.data;
  };
  const integers = (name: string): Int32Array => {
    const data = take(name);
    return data instanceof Int32Array ? data : refuse(`"${name}" is not int32`);
  };
  const floats = (name: string): Float32Array => {
    const data = take(name);
    if (!(data instanceof Float32Array)) return refuse(`"${name}" is not float32`);
    return allFinite(data) ? data : refuse(`"${name}" has a value that is not finite`);
  };

  const order = integers("order");
  const groupSize = integers("groupSize")[0] ?? 0;
  const boundaries = integers("boundaries");
  const lower = floats("lower");
  const constant = floats("constant");
  const losses = Float64Array.from(floats("losses"));
  if (groupSize < 1) refuse(`"groupSize" is ${groupSize}`);
  const seen = new Set(order);
  if (order.length === 0 || seen.size !== order.length || order.some((s) => s < 0 || s >= order.length))
    refuse(`"order" is not a permutation of 0 … ${order.length - 1}`);
  if (!fitBoundaries(boundaries, order.length * groupSize, groupSize))
    refuse(
      `"boundaries" [${boundaries.join(", ")}] do not rise from 0 to ${order.length * groupSize} by whole structures`,
    );
  if (lower.length !== 0 && lower.length !== lowerSize(boundaries))
    refuse(`"lower" has ${lower.length} values instead of ${lowerSize(boundaries)}`);
  if (constant.length !== 0 && constant.length !== boundaries.at(-1))
    refuse(`"constant" has ${constant.length} values for ${boundaries.at(-1)} columns`);
  if (losses.length !== boundaries.length)
    refuse(`"losses" has ${losses.length} values for ${boundaries.length} boundaries`);
  return { order, groupSize, boundaries, lower, constant, losses };
}

/**
 * As `every(Number.isFinite)`, twenty times as fast: factors are read at every stage. An exponent of ones, which only
 * infinities and what is no number have, carries into the sign.
 */
function allFinite({ buffer, byteOffset, length }: Float32Array): boolean {
  const bits = new Int32Array(buffer, byteOffset, length);
  let [a, b] = [0, 0]; // two that do not wait for each other
  let i = 0;
  for (; i + 3 < length; i += 4) {
    a |= (bits[i]! & EXPONENT) + EXPONENT_ONE;
    b |= (bits[i + 1]! & EXPONENT) + EXPONENT_ONE;
    a |= (bits[i + 2]! & EXPONENT) + EXPONENT_ONE;
    b |= (bits[i + 3]! & EXPONENT) + EXPONENT_ONE;
  }
  for (; i < length; i++) a |= (bits[i]! & EXPONENT) + EXPONENT_ONE;
  return (a | b) >= 0;
}
const EXPONENT = 0x7f800000;
const EXPONENT_ONE = 0x00800000;

/** True when `boundaries` rise from 0 to `columns` in whole structures. */
export function fitBoundaries(boundaries: Int32Array, columns: number, groupSize: number): boolean {
  return (
    boundaries[0] === 0 &&
    boundaries.at(-1) === columns &&
    boundaries.every((end, b) => end % groupSize === 0 && (b === 0 || end >= boundaries[b - 1]!))
  );
}
