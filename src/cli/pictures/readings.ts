// What the metrics of whole sets say of one, each by its id.

import { stat } from "node:fs/promises";
import { join } from "node:path";
import { StudioError } from "../../core/errors.ts";
import type { Reading } from "../../metrics/distribution/distribution.ts";
import { distributions } from "../../metrics/distribution/index.ts";
import type { FeatureStatistics } from "../../metrics/parts/feature-statistics.ts";

/** Beside a model's weights: what its classifier saw in the pictures that it was trained to make more of. */
export const STATISTICS = "statistics.safetensors";

/** Undefined when the model in this folder brings none. */
export async function shippedStatistics(model: string): Promise<string | undefined> {
  const shipped = join(model, STATISTICS);
  return stat(shipped).then(
    () => shipped,
    () => undefined,
  );
}

/** Every metric by id: its value, or why there is none. */
export function readings(
  set: FeatureStatistics,
  reference: FeatureStatistics | undefined,
): Record<string, Reading | { readonly missing: string }> {
  const entries = distributions.ids.map((id) => {
    try {
      return [id, distributions.get(id).measure(set, reference)] as const;
    } catch (error) {
      if (error instanceof StudioError && error.code === "missing-data")
        return [id, { missing: error.message }] as const;
      throw error;
    }
  });
  return Object.fromEntries(entries);
}
