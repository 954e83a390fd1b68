// The factor of a given elimination order, straight from the Hessian. Once the columns M are gone, the survivors S are
// W_S + W_M H_MS (H_SS)^-1; with H = U U^T in that order, U upper triangular, that is one substitution per level block,
// L_SM^T = -U_MS (U_SS)^-1, and nothing is inverted. What the greedy search of pruners/obs.ts takes on top of it is what
// `bench factor` shows.

import { lowerSize } from "../../../core/factor.ts";
import { choleskyInPlace, substitute4 } from "../../../core/linalg.ts";
import { triangleInOrder } from "./order.ts";

/**
 * `Factor.lower` of a Hessian h [n, n], damped and symmetric, whose columns are removed in the order of `columns` [n].
 * @throws not-positive-definite
 */
export function lowerInOrder(h: Float64Array, columns: Int32Array, boundaries: Int32Array): Float32Array {
  const n = columns.length;
  // U is the Cholesky factor of the opposite order, turned round both ways.
  const opposite = triangleInOrder(h, columns.toReversed());
  choleskyInPlace(opposite, n, "factor in a given order");
  const upper = opposite.reverse();
  const turned = transposed(upper, n);
  const sums = new Float64Array(8);
  const lower = new Float32Array(lowerSize(boundaries));
  for (let block = 0; block + 2 < boundaries.length; block++) {
    const end = boundaries[block + 1]!;
    for (let first = boundaries[block]!; first < end; first += 4)
      substitute4(upper, first, Math.min(first + 3, end - 1), turned, n, end, n, sums);
  }
  for (let block = 1, at = 0; block + 1 < boundaries.length; block++)
    for (let p = boundaries[block]!; p < boundaries[block + 1]!; p++)
      for (let q = 0; q < boundaries[block]!; q++) lower[at++] = -upper[q * n + p]!;
  return lower;
}

/** The transpose of an upper triangular matrix [n, n]. */
function transposed(upper: Float64Array, n: number): Float64Array {
  const lower = new Float64Array(n * n);
  for (let i = 0; i < n; i++) for (let j = i; j < n; j++) lower[j * n + i] = upper[i * n + j]!;
  return lower;
}
