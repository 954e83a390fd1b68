// Optimal Brain Surgeon to the letter (Diff-ES §3.3), for a given order: column after column, the weights and the inverse
// Hessian are brought up to date, and the weights of every level are put aside. What `bench factor` measures factors
// against, and so written as they are: the same inverse, contiguous inner loops over four rows, and of the inverse
// Hessian, which stays symmetric, one half.

import { inverseSpd } from "../../../core/linalg.ts";
import { triangleInOrder } from "./order.ts";

export interface DenseLayer {
  /** [rows, columns] */
  readonly weight: Float32Array;
  readonly rows: number;
}

/**
 * Weights after each level from 1 on, [rows, n - boundaries[level]], their columns in the order of removal, for a Hessian
 * h [n, n], damped and symmetric, whose columns are removed in the order of `columns` [n].
 * @throws not-positive-definite
 */
export function eliminateLiterally(
  { weight, rows }: DenseLayer,
  h: Float64Array,
  columns: Int32Array,
  boundaries: Int32Array,
): Float64Array[] {
  const n = columns.length;
  const g = inverseSpd(triangleInOrder(h, columns), n, "literal elimination");
  const current = new Float64Array(rows * n);
  for (let row = 0; row < rows; row++)
    for (let p = 0; p < n; p++) current[row * n + p] = weight[row * n + columns[p]!]!;
  const levels: Float64Array[] = [];
  for (let level = 1, k = 0; level < boundaries.length; level++) {
    for (; k < boundaries[level]!; k++) eliminate(current, rows, g, n, k);
    const kept = new Float64Array(rows * (n - k));
    for (let row = 0; row < rows; row++) kept.set(current.subarray(row * n + k, (row + 1) * n), row * (n - k));
    levels.push(kept);
  }
  return levels;
}

/** W <- W - W_k G_k: / G_kk, G <- G - G_:k G_k: / G_kk on the columns after k; of G on and above its diagonal. */
function eliminate(w: Float64Array, rows: number, g: Float64Array, n: number, k: number): void {
  const scale = 1 / g[k * n + k]!;
  const scales = new Float64Array(4);
  for (let first = 0; first < rows; first += 4) {
    const last = Math.min(first + 3, rows - 1);
    for (let q = 0; q < 4; q++) scales[q] = w[Math.min(first + q, last) * n + k]! * scale;
    subtractFromRows(w, first, last, g, k, scales, k + 1, n);
  }
  for (let first = k + 1; first < n; first += 4) {
    const last = Math.min(first + 3, n - 1);
    for (let q = 0; q < 4; q++) scales[q] = g[k * n + Math.min(first + q, last)]! * scale;
    subtractFromRows(g, first, last, g, k, scales, first, n); // and a little below the diagonal, which nobody reads
  }
}

/** Rows first … last, four at most, lose their multiples of row k of g, from column `from` on. Matrices [., n]. */
function subtractFromRows(
  to: Float64Array,
  first: number,
  last: number,
  g: Float64Array,
  k: number,
  scales: Float64Array,
  from: number,
  n: number,
): void {
  const a0 = first * n;
  const a1 = Math.min(first + 1, last) * n;
  const a2 = Math.min(first + 2, last) * n;
  const a3 = last * n;
  const c0 = scales[0]!;
  const c1 = scales[1]!;
  const c2 = scales[2]!;
  const c3 = scales[3]!;
  for (let i = from, source = k * n + from; i < n; i++, source++) {
    const x = g[source]!;
    const r0 = to[a0 + i]! - c0 * x;
    const r1 = to[a1 + i]! - c1 * x;
    const r2 = to[a2 + i]! - c2 * x;
    const r3 = to[a3 + i]! - c3 * x;
    to[a0 + i] = r0;
    to[a1 + i] = r1;
    to[a2 + i] = r2;
    to[a3 + i] = r3;
  }
}
