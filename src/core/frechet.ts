// How far apart two Gaussians are: the Fréchet distance (Dowson & Landau 1982) behind FID (Heusel et al. 2017, eq. 6).

import { eigenSymmetric, eigenvaluesSymmetric } from "./eigen.ts";
import { StudioError } from "./errors.ts";
import { dot4 } from "./linalg.ts";
import type { Gaussian } from "./moments.ts";

/**
 * |m_1 - m_2|^2 + tr(S_1 + S_2 - 2 (S_1 S_2)^(1/2)). The trace of the root is the sum of the roots of the eigenvalues of
 * L^T S_2 L with S_1 = L L^T: they are those of S_1 S_2, of a matrix that is symmetric, so none is complex.
 * @throws shape-mismatch when the lengths differ, invalid-input when a number is not finite
 */
export function frechetDistance(a: Gaussian, b: Gaussian): number {
  const n = a.mean.length;
  if (b.mean.length !== n)
    throw new StudioError(
      "shape-mismatch",
      `Fréchet distance: features of ${n} and of ${b.mean.length} dimensions; describe both sets by one network`,
    );
  let distance = 0;
  for (let i = 0; i < n; i++) {
    distance += (a.mean[i]! - b.mean[i]!) ** 2 + a.covariance[i * n + i]! + b.covariance[i * n + i]!;
  }
  const { values, vectors } = eigenSymmetric(a.covariance, n, "Fréchet distance");
  const roots = rootsOf(values);
  // L^T = diag(roots) V, with eigenvectors as the rows of V
  const middle = timesTransposed(vectors, timesTransposed(vectors, b.covariance, n), n);
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) middle[i * n + j]! *= roots[i]! * roots[j]!;
  const shared = rootsOf(eigenvaluesSymmetric(middle, n, "Fréchet distance"));
  return Math.max(0, distance - 2 * shared.reduce((sum, root) => sum + root, 0));
}

/** Of ascending eigenvalues that rounding may have made differ from 0, most when vectors are fewer than dimensions. */
function rootsOf(values: Float64Array): Float64Array {
  const least = values.length * Number.EPSILON * Math.abs(values.at(-1) ?? 0);
  return values.map((value) => (value > least ? Math.sqrt(value) : 0));
}

/** a b^T of matrices [n, n]. */
function timesTransposed(a: Float64Array, b: Float64Array, n: number): Float64Array {
  const product = new Float64Array(n * n);
  const sums = new Float64Array(4);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j += 4) {
      const [j1, j2, j3] = [Math.min(j + 1, n - 1), Math.min(j + 2, n - 1), Math.min(j + 3, n - 1)];
      dot4(b, j * n, j1 * n, j2 * n, j3 * n, a, i * n, n, sums);
      product.set(sums.subarray(0, Math.min(4, n - j)), i * n + j);
    }
  return product;
}
