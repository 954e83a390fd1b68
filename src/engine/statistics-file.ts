// Statistics of a set of pictures as a file, so that real pictures need to be looked at once: a safetensors file of our own
// with the mean, the covariance and features in half precision; and the moments that ADM's .npz files bring.

import { StudioError } from "../core/errors.ts";
import type { NpyArray } from "../formats/npy.ts";
import { readSafetensors, toFloat32, writeSafetensors } from "../formats/safetensors.ts";
import type { FeatureStatistics } from "../metrics/parts/feature-statistics.ts";
import type { FeatureNetwork } from "../models/feature-network.ts";

/** What compares with another set; predicted classes do not. */
export function writeStatistics({ gaussian, rows }: FeatureStatistics, network: FeatureNetwork): Uint8Array {
  const d = rows.dimension;
  return writeSafetensors(
    [
      ["mean", { shape: [d], data: gaussian.mean }],
      ["covariance", { shape: [d, d], data: gaussian.covariance }],
      ["features", { shape: [rows.data.length / d, d], data: rows.data, dtype: "F16" }],
    ],
    { count: String(gaussian.count), network: network.label, weights: network.id },
  );
}

/** @throws corrupt-data; missing-data for another file; invalid-input when another network saw the pictures */
export function readStatistics(name: string, bytes: Uint8Array, network: FeatureNetwork): FeatureStatistics {
  const { tensors, metadata } = readSafetensors(bytes);
  const [mean, covariance, features] = ["mean", "covariance", "features"].map((part) => tensors.get(part));
  const count = Number(metadata.get("count"));
  if (!mean || !covariance || !features || !(count >= 2))
    throw new StudioError("missing-data", `${name}: has no statistics; make them with evaluate --save`);
  if (metadata.get("weights") !== network.id)
    throw new StudioError(
      "invalid-input",
      `${name}: was made with other weights of ${metadata.get("network")} than these of ${network.label}; make it again with evaluate --save`,
    );
  return {
    gaussian: { count, mean: doubles(mean.data), covariance: doubles(covariance.data) },
    rows: { dimension: network.dimension, data: toFloat32(features) },
    splits: [],
    labelled: { count: 0, right: 0 },
  };
}

function doubles(bytes: Uint8Array): Float64Array {
  return new Float64Array(new Uint8Array(bytes).buffer);
}

/**
 * Moments that an evaluator of ADM's left: `mu` [D] and `sigma` [D, D] of so many pictures that none counts.
 * @throws shape-mismatch when they are of another network
 */
export function momentsOf(
  name: string,
  mu: NpyArray,
  sigma: NpyArray,
  { dimension, label }: FeatureNetwork,
): FeatureStatistics["gaussian"] {
  if (mu.shape.join() !== `${dimension}` || sigma.shape.join() !== `${dimension},${dimension}`)
    throw new StudioError(
      "shape-mismatch",
      `${name}: mu is [${mu.shape.join(", ")}] and sigma [${sigma.shape.join(", ")}], but ${label} has ${dimension} features; use the network that they were made with`,
    );
  return { count: Infinity, mean: Float64Array.from(mu.data), covariance: Float64Array.from(sigma.data) };
}
