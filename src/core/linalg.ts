// Dense float64 kernels for second-order pruning: Cholesky and the inverse of a symmetric positive definite
// matrix. Matrices are row-major. Everything is built on one kernel, four dot products at once over contiguous
// rows: four accumulators hide the latency of an addition and every element of the common row is read once.
// Only + - * / and sqrt are used, which IEEE 754 fixes to the last bit, so results are equal on every engine.

import { StudioError } from "./errors.ts";

/**
 * out[q] = sum over i < length of a[offset q + i] * b[offset + i], for q = 0 … 3.
 * A caller with fewer than four rows repeats an offset and ignores the rest.
 */
export function dot4(
  a: Float64Array,
  a0: number,
  a1: number,
  a2: number,
  a3: number,
  b: Float64Array,
  b0: number,
  length: number,
  out: Float64Array,
): void {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  for (let i = 0; i < length; i++) {
    const x = b[b0 + i]!;
    s0 += a[a0 + i]! * x;
    s1 += a[a1 + i]! * x;
    s2 += a[a2 + i]! * x;
    s3 += a[a3 + i]! * x;
  }
  out[0] = s0;
  out[1] = s1;
  out[2] = s2;
  out[3] = s3;
}

/**
 * Replaces the lower triangle of `a` [n, n] by C with a = C C^T. The strict upper triangle is left as it was.
 * @throws not-positive-definite with the pivot in `details`.
 */
export function choleskyInPlace(a: Float64Array, n: number, where = "cholesky"): void {
  const sums = new Float64Array(4);
  for (let first = 0; first < n; first += 4) {
    const last = Math.min(first + 3, n - 1);
    const r1 = Math.min(first + 1, last) * n;
    const r2 = Math.min(first + 2, last) * n;
    for (let p = 0; p <= last; p++) {
      dot4(a, first * n, r1, r2, last * n, a, p * n, p, sums);
      // With fewer than four rows the last one is also the missing ones.
      sums[last - first] = sums[3]!;
      if (p >= first) {
        const pivot = a[p * n + p]! - sums[p - first]!;
        // Below this the pivot is rounding error. Written so that NaN is refused too.
        const floor = n * Number.EPSILON * a[p * n + p]!;
        if (!(pivot > 0 && pivot > floor && pivot < Infinity)) throw notPositiveDefinite(where, p, n, pivot);
        a[p * n + p] = Math.sqrt(pivot);
      }
      const scale = 1 / a[p * n + p]!;
      for (let row = Math.max(first, p + 1); row <= last; row++)
        a[row * n + p] = (a[row * n + p]! - sums[row - first]!) * scale;
    }
  }
}

function notPositiveDefinite(where: string, pivot: number, n: number, value: number): StudioError {
  const message = `${where}: not positive definite at pivot ${pivot} of ${n} (${value}); add to the diagonal`;
  return new StudioError("not-positive-definite", message, { pivot, value });
}

/**
 * The inverse of a symmetric positive definite matrix [n, n], symmetric to the last bit; reads the lower triangle.
 * @throws not-positive-definite with the pivot in `details`.
 */
export function inverseSpd(a: Float64Array, n: number, where = "inverse"): Float64Array {
  const lower = a.slice();
  choleskyInPlace(lower, n, where);
  const sums = new Float64Array(4);
  // Row i of `x` is column i of C^-1: forward substitution on unit vectors, four at a time. It starts at column i.
  const x = new Float64Array(n * n);
  for (let first = 0; first < n; first += 4) {
    const last = Math.min(first + 3, n - 1);
    const r1 = Math.min(first + 1, last) * n;
    const r2 = Math.min(first + 2, last) * n;
    for (let p = first; p < n; p++) {
      dot4(x, first * n + first, r1 + first, r2 + first, last * n + first, lower, p * n + first, p - first, sums);
      sums[last - first] = sums[3]!;
      const scale = 1 / lower[p * n + p]!;
      for (let row = first; row <= last; row++) x[row * n + p] = ((row === p ? 1 : 0) - sums[row - first]!) * scale;
    }
  }
  // a^-1 = C^-T C^-1 = x x^T; C is no longer needed and lends its memory.
  const inverse = lower;
  for (let first = 0; first < n; first += 4) {
    const last = Math.min(first + 3, n - 1);
    const r1 = Math.min(first + 1, last) * n;
    const r2 = Math.min(first + 2, last) * n;
    for (let p = 0; p <= last; p++) {
      dot4(x, first * n + first, r1 + first, r2 + first, last * n + first, x, p * n + first, n - first, sums);
      sums[last - first] = sums[3]!;
      for (let row = Math.max(first, p); row <= last; row++) {
        inverse[row * n + p] = sums[row - first]!;
        inverse[p * n + row] = sums[row - first]!;
      }
    }
  }
  return inverse;
}
