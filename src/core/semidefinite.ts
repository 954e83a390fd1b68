// Cholesky's factor of a matrix that may be singular, as covariances of few vectors are: the largest pivot that is left
// comes next, and the rest is nothing once no pivot is above rounding (Higham 2002, §10.3).

import { dot4 } from "./linalg.ts";

/** a = rows^T rows. */
export interface Root {
  /** [rank, n] */
  readonly rows: Float64Array;
  readonly rank: number;
}

/** Of a symmetric positive semidefinite matrix [n, n]. About n^2 rank multiplications. */
export function semidefiniteRoot(a: Float64Array, n: number): Root {
  const lower = new Float64Array(n * n); // row i holds what column i of the root has so far
  const left = Float64Array.from({ length: n }, (_, i) => a[i * n + i]!);
  const open = Array.from(left.keys());
  const least = n * Number.EPSILON * Math.max(0, ...left);
  let rank = 0;
  for (; open.length > 0; rank++) {
    const place = open.reduce((best, i, at) => (left[i]! > left[open[best]!]! ? at : best), 0);
    const pivot = open[place]!;
    if (!(left[pivot]! > least)) break;
    open.splice(place, 1);
    const length = Math.sqrt(left[pivot]!);
    lower[pivot * n + rank] = length;
    eliminate(a, n, lower, pivot, rank, open);
    for (const i of open) {
      const value = lower[i * n + rank]! / length;
      lower[i * n + rank] = value;
      left[i]! -= value * value;
    }
  }
  const rows = new Float64Array(rank * n);
  for (let k = 0; k < rank; k++) for (let i = 0; i < n; i++) rows[k * n + i] = lower[i * n + k]!;
  return { rows, rank };
}

/** Column `rank` of the open rows becomes what the pivot's column of `a` still has there. */
function eliminate(
  a: Float64Array,
  n: number,
  lower: Float64Array,
  pivot: number,
  rank: number,
  open: readonly number[],
): void {
  const sums = new Float64Array(4);
  for (let from = 0; from < open.length; from += 4) {
    const row = (offset: number) => open[Math.min(from + offset, open.length - 1)]! * n;
    dot4(lower, row(0), row(1), row(2), row(3), lower, pivot * n, rank, sums);
    for (let q = 0; q < 4 && from + q < open.length; q++) {
      const i = open[from + q]!;
      lower[i * n + rank] = a[i * n + pivot]! - sums[q]!;
    }
  }
}
