// How far apart two Gaussians are: the Fréchet distance (Dowson & Landau 1982) behind FID (Heusel et al. 2017, eq. 6).

import { eigenvaluesSymmetric } from "./eigen.ts";
import { StudioError } from "./errors.ts";
import { dot4 } from "./linalg.ts";
import type { Gaussian } from "./moments.ts";
import { semidefiniteRoot } from "./semidefinite.ts";

/**
 * |m_1 - m_2|^2 + tr(S_1 + S_2 - 2 (S_1 S_2)^(1/2)). The trace of the root is the sum of the roots of the eigenvalues of
 * R S_2 R^T with S_1 = R^T R: they are those of S_1 S_2 that are not 0, of a matrix that is symmetric, so none is complex.
 * @throws shape-mismatch when the lengths differ, invalid-input when a number is not finite
 */
export function frechetDistance(a: Gaussian, b: Gaussian): number {
  const n = a.mean.length;
  if (b.mean.length !== n)
    throw new StudioError(
      "shape-mismatch",
      `Fréchet distance: features of ${n} and of ${b.mean.length} dimensions; describe both sets by one network`,
    );
  for (const { mean, covariance } of [a, b])
    if (!(mean.every(Number.isFinite) && covariance.every(Number.isFinite))) throw broken();
  let distance = 0;
  for (let i = 0; i < n; i++) {
    distance += (a.mean[i]! - b.mean[i]!) ** 2 + a.covariance[i * n + i]! + b.covariance[i * n + i]!;
  }
  const { rows, rank } = semidefiniteRoot(a.covariance, n);
  const middle = timesTransposed(timesTransposed(rows, b.covariance, n), rows, n);
  const shared = eigenvaluesSymmetric(middle, rank, "Fréchet distance");
  return Math.max(0, distance - 2 * shared.reduce((sum, value) => sum + Math.sqrt(Math.max(0, value)), 0));
}

function broken(): StudioError {
  return new StudioError("invalid-input", "Fréchet distance: a mean or a covariance is not finite; gather it again");
}

/** a b^T of matrices [m, n] and [p, n]: [m, p] */
function timesTransposed(a: Float64Array, b: Float64Array, n: number): Float64Array {
  const [m, p] = [a.length / n, b.length / n];
  const product = new Float64Array(m * p);
  const sums = new Float64Array(4);
  for (let i = 0; i < m; i++)
    for (let j = 0; j < p; j += 4) {
      const row = (offset: number) => Math.min(j + offset, p - 1) * n;
      dot4(b, row(0), row(1), row(2), row(3), a, i * n, n, sums);
      product.set(sums.subarray(0, Math.min(4, p - j)), i * p + j);
    }
  return product;
}
