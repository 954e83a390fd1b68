// Eigenvalues of a symmetric matrix in float64: Householder's reduction to a tridiagonal matrix, then implicit QL steps
// with Wilkinson's shift (Golub & Van Loan, Matrix Computations, §8.3). Only + - * / and sqrt are used, so results are
// equal on every engine.

import { StudioError } from "./errors.ts";
import { dot4, subtract } from "./linalg.ts";

/**
 * Of a matrix [n, n], ascending. [n] About 4/3 n^3 multiplications.
 * @throws invalid-input when an element is not finite
 */
export function eigenvaluesSymmetric(a: Float64Array, n: number, where = "eigen"): Float64Array {
  const { scale, diagonal, beside } = tridiagonal(a, n, where);
  iterate(diagonal, beside, n);
  return diagonal.map((value) => scale * value).sort();
}

/** Of elements up to 1: less is nothing, as squares of it would lose their digits. */
const TINY = 2 ** -400;

/** The matrix divided by its largest magnitude. */
interface Tridiagonal {
  readonly scale: number;
  /** [n] */
  readonly diagonal: Float64Array;
  /** beside[k] couples k and k + 1; the last is 0. [n] */
  readonly beside: Float64Array;
}

function tridiagonal(a: Float64Array, n: number, where: string): Tridiagonal {
  const bad = a.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0)
    throw new StudioError(
      "invalid-input",
      `${where}: element (${Math.floor(bad / n)}, ${bad % n}) of the ${n} x ${n} matrix is ${a[bad]}; give finite numbers`,
    );
  const scale = a.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0) || 1;
  const m = a.map((value) => value / scale);
  const [beside, p] = [new Float64Array(n), new Float64Array(n)];
  for (let k = 0; k < n - 1; k++) {
    const row = k * n;
    const next = row + k + 1;
    const rest = sumOfSquares(m, next + 1, n - k - 2);
    if (rest < TINY * TINY) {
      beside[k] = m[next]!;
      continue;
    }
    // v = x - alpha e_1, with alpha of the sign that adds up
    const first = m[next]!;
    const alpha = first > 0 ? -Math.sqrt(first * first + rest) : Math.sqrt(first * first + rest);
    beside[k] = alpha;
    m[next] = first - alpha;
    const factor = 2 / (rest + m[next]! * m[next]!);
    // the trailing matrix A becomes A - v w^T - w v^T, with p = factor A v and w = p - (factor/2)(p·v) v
    times(m, n, k + 1, factor, p);
    subtract(p, k + 1, m, next, (factor / 2) * dot(p, k + 1, m, next, n - k - 1), n - k - 1);
    for (let i = k + 1; i < n; i++) {
      const [x, y] = [m[row + i]!, p[i]!];
      for (let j = k + 1; j < n; j++) m[i * n + j]! -= x * p[j]! + y * m[row + j]!;
    }
  }
  const diagonal = Float64Array.from({ length: n }, (_, k) => m[k * n + k]!);
  return { scale, diagonal, beside };
}

/** p = factor A v, for A from row and column `first` on and v in the row before. */
function times(m: Float64Array, n: number, first: number, factor: number, p: Float64Array): void {
  const v = (first - 1) * n + first;
  const sums = new Float64Array(4);
  for (let i = first; i < n; i += 4) {
    const row = (offset: number) => Math.min(i + offset, n - 1) * n + first;
    dot4(m, row(0), row(1), row(2), row(3), m, v, n - first, sums);
    for (let q = 0; q < 4 && i + q < n; q++) p[i + q] = factor * sums[q]!;
  }
}

/** Steps that one eigenvalue may take; two or three are usual. */
const MOST_STEPS = 60;

/** Makes `beside` zero and `diagonal` the eigenvalues. */
function iterate(diagonal: Float64Array, beside: Float64Array, n: number): void {
  for (let first = 0; first < n; first++)
    for (let step = 0; ; step++) {
      let last = first;
      while (last < n - 1 && !negligible(diagonal, beside, last)) last++;
      if (last === first) break;
      if (step === MOST_STEPS) throw new Error(`eigen: value ${first} of ${n} does not settle`);
      chase(diagonal, beside, first, last);
    }
}

function negligible(diagonal: Float64Array, beside: Float64Array, k: number): boolean {
  return Math.abs(beside[k]!) <= Number.EPSILON * (Math.abs(diagonal[k]!) + Math.abs(diagonal[k + 1]!)) + TINY;
}

/** One QL step on the unreduced block first … last: the shift makes a bulge at its end, rotations chase it to its start. */
function chase(d: Float64Array, e: Float64Array, first: number, last: number): void {
  const half = (d[first + 1]! - d[first]!) / (2 * e[first]!);
  const root = Math.sqrt(half * half + 1);
  let g = d[last]! - d[first]! + e[first]! / (half + (half < 0 ? -root : root));
  let [s, c, shift] = [1, 1, 0];
  for (let i = last - 1; i >= first; i--) {
    const f = s * e[i]!;
    const b = c * e[i]!;
    const r = Math.sqrt(f * f + g * g);
    e[i + 1] = r;
    if (r === 0) {
      d[i + 1]! -= shift; // the block falls apart here
      e[last] = 0;
      return;
    }
    s = f / r;
    c = g / r;
    g = d[i + 1]! - shift;
    const q = (d[i]! - g) * s + 2 * c * b;
    shift = s * q;
    d[i + 1] = g + shift;
    g = c * q - b;
  }
  d[first]! -= shift;
  e[first] = g;
  e[last] = 0;
}

function sumOfSquares(a: Float64Array, start: number, length: number): number {
  return dot(a, start, a, start, length);
}

function dot(a: Float64Array, a0: number, b: Float64Array, b0: number, length: number): number {
  let sum = 0;
  for (let i = 0; i < length; i++) sum += a[a0 + i]! * b[b0 + i]!;
  return sum;
}
