// Metrics of a whole set of pictures, which have no score per picture and so never serve as fitness: they stand in
// reports. A network looks at the pictures once; every metric reads what was gathered of what it saw.

import { StudioError } from "../../core/errors.ts";
import type { Method } from "../../core/shelf.ts";
import type { Measure } from "../metric.ts";
import type { FeatureStatistics } from "../parts/feature-statistics.ts";

export interface Reading {
  readonly value: number;
  /** Why it should not be taken at its face. */
  readonly warning?: string | undefined;
}

export interface DistributionMetric extends Method, Pick<Measure, "direction" | "range" | "reference"> {
  /**
   * Of a set and, where it compares, of a reference: the real pictures.
   * @throws missing-data when what it needs was not gathered; shape-mismatch when two networks looked at the sets
   */
  measure(set: FeatureStatistics, reference: FeatureStatistics | undefined): Reading;
}

/** @throws missing-data, shape-mismatch */
export function comparable(
  label: string,
  set: FeatureStatistics,
  reference: FeatureStatistics | undefined,
): FeatureStatistics {
  if (!reference) throw new StudioError("missing-data", `${label}: there are no reference statistics; give some`);
  const [own, other] = [set.rows.dimension, reference.rows.dimension];
  if (own === other) return reference;
  throw new StudioError(
    "shape-mismatch",
    `${label}: features of ${own} and, of the reference, of ${other} dimensions; describe both sets by one network`,
  );
}

/** The same, with features to compare on both sides. @throws missing-data, shape-mismatch */
export function comparableRows(
  label: string,
  set: FeatureStatistics,
  reference: FeatureStatistics | undefined,
): FeatureStatistics {
  const other = comparable(label, set, reference);
  if (other.rows.data.length > 0) return other;
  throw new StudioError(
    "missing-data",
    `${label}: the reference has moments but no features; make its statistics from the pictures`,
  );
}
