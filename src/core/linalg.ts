// Dense float64 kernels for second-order pruning: Cholesky and the inverse of a symmetric positive definite
// matrix. Matrices are row-major. All work is done four rows at a time, with contiguous inner loops that keep every
// sum in a register and read what the rows share once; that is what makes it fast without SIMD. Only + - * / and
// sqrt are used, which IEEE 754 fixes to the last bit, so results are equal on every engine.
//
// Where there are fewer than four rows, offsets are repeated: the work is done twice and the result is the same.

import { StudioError } from "./errors.ts";

/** out[q] = sum over i < length of a[aq + i] * b[b0 + i], q = 0 … 3. */
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

/** The same against two rows of b at once: out[4 + q] is for the second. */
function dot4x2(
  a: Float64Array,
  a0: number,
  a1: number,
  a2: number,
  a3: number,
  b: Float64Array,
  b0: number,
  b1: number,
  length: number,
  out: Float64Array,
): void {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  let t0 = 0;
  let t1 = 0;
  let t2 = 0;
  let t3 = 0;
  for (let i = 0; i < length; i++) {
    const x = b[b0 + i]!;
    const y = b[b1 + i]!;
    const r0 = a[a0 + i]!;
    const r1 = a[a1 + i]!;
    const r2 = a[a2 + i]!;
    const r3 = a[a3 + i]!;
    s0 += r0 * x;
    s1 += r1 * x;
    s2 += r2 * x;
    s3 += r3 * x;
    t0 += r0 * y;
    t1 += r1 * y;
    t2 += r2 * y;
    t3 += r3 * y;
  }
  out[0] = s0;
  out[1] = s1;
  out[2] = s2;
  out[3] = s3;
  out[4] = t0;
  out[5] = t1;
  out[6] = t2;
  out[7] = t3;
}

/** to[at + i] -= scale * from[start + i] for i < length. */
export function subtract(
  to: Float64Array,
  at: number,
  from: Float64Array,
  start: number,
  scale: number,
  length: number,
): void {
  for (let i = 0; i < length; i++) to[at + i]! -= scale * from[start + i]!;
}

/** The same for four rows, each with its scale; `squares` gets the squared lengths of the results. */
export function subtract4(
  to: Float64Array,
  a0: number,
  a1: number,
  a2: number,
  a3: number,
  from: Float64Array,
  start: number,
  scales: Float64Array,
  length: number,
  squares: Float64Array,
): void {
  const c0 = scales[0]!;
  const c1 = scales[1]!;
  const c2 = scales[2]!;
  const c3 = scales[3]!;
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  for (let i = 0; i < length; i++) {
    const x = from[start + i]!;
    const r0 = to[a0 + i]! - c0 * x;
    const r1 = to[a1 + i]! - c1 * x;
    const r2 = to[a2 + i]! - c2 * x;
    const r3 = to[a3 + i]! - c3 * x;
    to[a0 + i] = r0;
    to[a1 + i] = r1;
    to[a2 + i] = r2;
    to[a3 + i] = r3;
    s0 += r0 * r0;
    s1 += r1 * r1;
    s2 += r2 * r2;
    s3 += r3 * r3;
  }
  squares[0] = s0;
  squares[1] = s1;
  squares[2] = s2;
  squares[3] = s3;
}

/**
 * Columns from … to-1 of rows first … last (four at most) of x become those of x C^-T, with C lower triangular;
 * columns before `from` count as zero. Matrices [n, n]; `sums` [8] is scratch.
 */
export function substitute4(
  x: Float64Array,
  first: number,
  last: number,
  lower: Float64Array,
  n: number,
  from: number,
  to: number,
  sums: Float64Array,
): void {
  const a0 = first * n;
  const a1 = Math.min(first + 1, last) * n;
  const a2 = Math.min(first + 2, last) * n;
  const a3 = last * n;
  for (let p = from; p < to; p += 2) {
    const row = p * n;
    const next = Math.min(p + 1, to - 1) * n;
    dot4x2(x, a0 + from, a1 + from, a2 + from, a3 + from, lower, row + from, next + from, p - from, sums);
    const scale = 1 / lower[row + p]!;
    for (let q = first; q <= last; q++) x[q * n + p] = (x[q * n + p]! - sums[q - first]!) * scale;
    if (next === row) continue;
    const link = lower[next + p]!;
    const nextScale = 1 / lower[next + p + 1]!;
    for (let q = first; q <= last; q++) {
      const value = x[q * n + p + 1]! - sums[4 + q - first]! - x[q * n + p]! * link;
      x[q * n + p + 1] = value * nextScale;
    }
  }
}

/**
 * Replaces the lower triangle of `a` [n, n] by C with a = C C^T. The strict upper triangle is left as it was.
 * @throws not-positive-definite with the pivot in `details`; rounding error counts as not positive.
 */
export function choleskyInPlace(a: Float64Array, n: number, where = "cholesky"): void {
  const sums = new Float64Array(8);
  for (let first = 0; first < n; first += 4) {
    const last = Math.min(first + 3, n - 1);
    substitute4(a, first, last, a, n, 0, first, sums);
    for (let p = first; p <= last; p++) {
      for (let row = p; row <= last; row++) {
        let rest = a[row * n + p]!;
        for (let k = 0; k < p; k++) rest -= a[row * n + k]! * a[p * n + k]!;
        if (row > p) {
          a[row * n + p] = rest / a[p * n + p]!;
          continue;
        }
        // Written so that NaN is refused too.
        const floor = n * Number.EPSILON * a[p * n + p]!;
        if (!(rest > 0 && rest > floor && rest < Infinity)) throw notPositiveDefinite(where, p, n, rest);
        a[p * n + p] = Math.sqrt(rest);
      }
    }
  }
}

function notPositiveDefinite(where: string, pivot: number, n: number, value: number): StudioError {
  const message = `${where}: not positive definite at pivot ${pivot} of ${n} (${value}); add to the diagonal`;
  return new StudioError("not-positive-definite", message, { pivot, value });
}

/** C^-T of a lower triangular C [n, n]: row i is column i of the inverse, zero before i. */
export function inverseTransposed(lower: Float64Array, n: number): Float64Array {
  const sums = new Float64Array(8);
  const x = new Float64Array(n * n);
  for (let i = 0; i < n; i++) x[i * n + i] = 1;
  for (let first = 0; first < n; first += 4)
    substitute4(x, first, Math.min(first + 3, n - 1), lower, n, first, n, sums);
  return x;
}

/**
 * The inverse of a symmetric positive definite matrix [n, n], symmetric to the last bit; reads the lower triangle.
 * @throws not-positive-definite with the pivot in `details`.
 */
export function inverseSpd(a: Float64Array, n: number, where = "inverse"): Float64Array {
  const lower = a.slice();
  choleskyInPlace(lower, n, where);
  const x = inverseTransposed(lower, n);
  const sums = new Float64Array(8);
  // a^-1 = C^-T C^-1 = x x^T; C is no longer needed and lends its memory.
  const inverse = lower;
  for (let first = 0; first < n; first += 4) {
    const last = Math.min(first + 3, n - 1);
    const a0 = first * n + first;
    const a1 = Math.min(first + 1, last) * n + first;
    const a2 = Math.min(first + 2, last) * n + first;
    const a3 = last * n + first;
    for (let p = 0; p <= last; p += 2) {
      const next = Math.min(p + 1, last);
      dot4x2(x, a0, a1, a2, a3, x, p * n + first, next * n + first, n - first, sums);
      for (let row = first; row <= last; row++) {
        inverse[row * n + p] = inverse[p * n + row] = sums[row - first]!;
        inverse[row * n + next] = inverse[next * n + row] = sums[4 + row - first]!;
      }
    }
  }
  return inverse;
}

/** a x for a square a. */
export function multiply(a: Float64Array, x: Float64Array): Float64Array {
  const n = x.length;
  return x.map((_, i) => a.subarray(i * n, (i + 1) * n).reduce((sum, value, j) => sum + value * x[j]!, 0));
}

/** a^T x for a square a. */
export function multiplyTransposed(a: Float64Array, x: Float64Array): Float64Array {
  const n = x.length;
  const out = new Float64Array(n);
  for (let i = 0; i < n; i++) subtract(out, 0, a, i * n, -x[i]!, n);
  return out;
}
