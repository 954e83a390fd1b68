// Eigenvalues and eigenvectors of a symmetric matrix in float64: Householder's reduction to a tridiagonal matrix, then
// implicit QL steps with Wilkinson's shift (Golub & Van Loan, Matrix Computations, §8.3). Eigenvectors are kept as rows:
// every inner loop runs over contiguous memory. Only + - * / and sqrt are used, so results are equal on every engine.

import { StudioError } from "./errors.ts";
import { subtract } from "./linalg.ts";

export interface Eigen {
  /** Ascending. [n] */
  readonly values: Float64Array;
  /** Row k belongs to values[k]; the rows are orthonormal. [n, n] */
  readonly vectors: Float64Array;
}

/**
 * a = vectors^T diag(values) vectors of a symmetric `a` [n, n]. About 9 n^3 operations.
 * @throws invalid-input when an element is not finite
 */
export function eigenSymmetric(a: Float64Array, n: number, where = "eigen"): Eigen {
  const { scale, diagonal, beside, reflectors, factors } = tridiagonal(a, n, where);
  const vectors = basisOf(reflectors, factors, n);
  iterate(diagonal, beside, n, (i, c, s) => rotateRows(vectors, i * n, (i + 1) * n, n, c, s));
  const order = Array.from(diagonal.keys()).sort((i, j) => diagonal[i]! - diagonal[j]!);
  const sorted = new Float64Array(n * n);
  for (const [to, from] of order.entries()) sorted.set(vectors.subarray(from * n, (from + 1) * n), to * n);
  return { values: Float64Array.from(order, (k) => scale * diagonal[k]!), vectors: sorted };
}

/**
 * The eigenvalues alone, ascending. [n] About 4/3 n^3 operations.
 * @throws invalid-input when an element is not finite
 */
export function eigenvaluesSymmetric(a: Float64Array, n: number, where = "eigen"): Float64Array {
  const { scale, diagonal, beside } = tridiagonal(a, n, where);
  iterate(diagonal, beside, n, () => {});
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
  /** Row k holds the vector v of the k-th reflection 1 - factors[k] v v^T from column k + 1 on. [n, n] */
  readonly reflectors: Float64Array;
  /** [n] */
  readonly factors: Float64Array;
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
  const [beside, factors, p] = [new Float64Array(n), new Float64Array(n), new Float64Array(n)];
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
    factors[k] = factor;
    // the trailing matrix A becomes A - v w^T - w v^T, with p = factor A v and w = p - (factor/2)(p·v) v
    let along = 0;
    for (let i = k + 1; i < n; i++) {
      p[i] = factor * dot(m, i * n + k + 1, m, next, n - k - 1);
      along += p[i]! * m[row + i]!;
    }
    subtract(p, k + 1, m, next, (factor / 2) * along, n - k - 1);
    for (let i = k + 1; i < n; i++) {
      subtract(m, i * n + k + 1, p, k + 1, m[row + i]!, n - k - 1);
      subtract(m, i * n + k + 1, m, next, p[i]!, n - k - 1);
    }
  }
  const diagonal = Float64Array.from({ length: n }, (_, k) => m[k * n + k]!);
  return { scale, diagonal, beside, reflectors: m, factors };
}

/** The product of all reflections, last first: its rows are the basis in which the matrix is tridiagonal. [n, n] */
function basisOf(reflectors: Float64Array, factors: Float64Array, n: number): Float64Array {
  const basis = new Float64Array(n * n);
  for (let i = 0; i < n; i++) basis[i * n + i] = 1;
  for (let k = n - 3; k >= 0; k--) {
    const v = k * n + k + 1;
    const length = n - k - 1;
    for (let i = k + 1; i < n; i++) {
      const row = i * n + k + 1;
      subtract(basis, row, reflectors, v, factors[k]! * dot(basis, row, reflectors, v, length), length);
    }
  }
  return basis;
}

/** Steps that one eigenvalue may take; two or three are usual. */
const MOST_STEPS = 60;

/**
 * Makes `beside` zero and `diagonal` the eigenvalues.
 * @param turned told of every rotation of coordinates i and i + 1 by the cosine c and the sine s
 */
function iterate(
  diagonal: Float64Array,
  beside: Float64Array,
  n: number,
  turned: (i: number, c: number, s: number) => void,
): void {
  for (let first = 0; first < n; first++)
    for (let step = 0; ; step++) {
      let last = first;
      while (last < n - 1 && !negligible(diagonal, beside, last)) last++;
      if (last === first) break;
      if (step === MOST_STEPS) throw new Error(`eigen: value ${first} of ${n} does not settle`);
      chase(diagonal, beside, first, last, turned);
    }
}

function negligible(diagonal: Float64Array, beside: Float64Array, k: number): boolean {
  return Math.abs(beside[k]!) <= Number.EPSILON * (Math.abs(diagonal[k]!) + Math.abs(diagonal[k + 1]!)) + TINY;
}

/** One QL step on the unreduced block first … last: the shift makes a bulge at its end, rotations chase it to its start. */
function chase(
  d: Float64Array,
  e: Float64Array,
  first: number,
  last: number,
  turned: (i: number, c: number, s: number) => void,
): void {
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
    turned(i, c, s);
  }
  d[first]! -= shift;
  e[first] = g;
  e[last] = 0;
}

/** Rows at a and b become c a - s b and s a + c b. */
function rotateRows(m: Float64Array, a: number, b: number, n: number, c: number, s: number): void {
  for (let k = 0; k < n; k++) {
    const [x, y] = [m[a + k]!, m[b + k]!];
    m[a + k] = c * x - s * y;
    m[b + k] = s * x + c * y;
  }
}

function sumOfSquares(a: Float64Array, start: number, length: number): number {
  return dot(a, start, a, start, length);
}

function dot(a: Float64Array, a0: number, b: Float64Array, b0: number, length: number): number {
  let sum = 0;
  for (let i = 0; i < length; i++) sum += a[a0 + i]! * b[b0 + i]!;
  return sum;
}
