// How near two results must be: one measure and one tolerance per kind of computation, so that no test invents its own.

import type { TensorData } from "../core/tensor.ts";

/** Largest `relativeError` allowed. */
export const TOLERANCE = {
  /** One forward pass or one weight matrix in float32. */
  forward: 1e-5,
  /** A whole sampling run in float32. */
  rollout: 1e-4,
  /** One forward pass on another kind of device. */
  devices: 1e-3,
} as const;

type Values = TensorData | Float64Array | readonly number[];

/** max |a - b| / max |b|; infinite when the lengths differ or a value is not finite, so that it can only fail. */
export function relativeError(actual: Values, expected: Values): number {
  if (actual.length !== expected.length) return Number.POSITIVE_INFINITY;
  let difference = 0;
  let largest = 0;
  for (let i = 0; i < expected.length; i++) {
    const [a, b] = [actual[i] as number, expected[i] as number];
    if (!(Number.isFinite(a) && Number.isFinite(b))) return Number.POSITIVE_INFINITY;
    difference = Math.max(difference, Math.abs(a - b));
    largest = Math.max(largest, Math.abs(b));
  }
  return difference === 0 ? 0 : difference / largest;
}
