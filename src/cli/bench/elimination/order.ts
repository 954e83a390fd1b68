// A Hessian whose columns are taken in another order.

/** The lower triangle of the symmetric h [n, n], rows and columns in the order of `columns` [n]; zero above it. [n, n] */
export function triangleInOrder(h: Float64Array, columns: Int32Array): Float64Array {
  const n = columns.length;
  const lower = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    const row = columns[i]! * n;
    for (let j = 0; j <= i; j++) lower[i * n + j] = h[row + columns[j]!]!;
  }
  return lower;
}
