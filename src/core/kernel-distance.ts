// How far apart two sets of feature vectors are, without fitting anything to them: the squared maximum mean discrepancy
// with the kernel of KID (Bińkowski et al. 2018, eq. 3). The estimate is unbiased whatever the number of vectors, so it
// may be slightly negative for sets that are alike.

/** Feature vectors, row by row. [count, dimension] */
export interface Rows {
  readonly dimension: number;
  readonly data: Float32Array;
}

export function countOf({ data, dimension }: Rows): number {
  return data.length / dimension;
}

/** Of all pairs, in float64; either set has two vectors or more, of one length D. The kernel is (x·y / D + 1)^3. */
export function kernelDistance(a: Rows, b: Rows): number {
  return meanWithin(a) + meanWithin(b) - 2 * meanBetween(a, b);
}

/** Mean kernel of two different vectors of a set. */
function meanWithin(rows: Rows): number {
  const count = countOf(rows);
  let sum = 0;
  for (let i = 1; i < count; i++) for (let j = 0; j < i; j++) sum += kernel(rows, i, rows, j);
  return (2 * sum) / (count * (count - 1));
}

function meanBetween(a: Rows, b: Rows): number {
  const [m, n] = [countOf(a), countOf(b)];
  let sum = 0;
  for (let i = 0; i < m; i++) for (let j = 0; j < n; j++) sum += kernel(a, i, b, j);
  return sum / (m * n);
}

function kernel(a: Rows, i: number, b: Rows, j: number): number {
  const d = a.dimension;
  const [x, y] = [i * d, j * d];
  let product = 0;
  for (let k = 0; k < d; k++) product += a.data[x + k]! * b.data[y + k]!;
  const base = product / d + 1;
  return base * base * base;
}
