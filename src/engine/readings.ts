// What the metrics of whole sets say of one, each by its id, and which network looks at the pictures of a model.

import { StudioError } from "../core/errors.ts";
import { distributions } from "../metrics/distribution/index.ts";
import type { FeatureStatistics } from "../metrics/parts/feature-statistics.ts";
import { type FeatureNetwork, featureNetwork } from "../models/feature-network.ts";
import type { EvaluateResult } from "./api.ts";
import type { LoadedModel } from "./load.ts";

/** Beside a model's weights: what its classifier saw in the pictures that it was trained to make more of. */
export const STATISTICS = "statistics.safetensors";

/** Every metric by id: its value, or why there is none. */
export function readings(set: FeatureStatistics, reference: FeatureStatistics | undefined): EvaluateResult["metrics"] {
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

/** @throws missing-data when the model has no classifier */
export function classifierOf({ networks, card }: LoadedModel): FeatureNetwork {
  if (networks.classifier) return featureNetwork(networks.classifier, card.imageSize);
  throw new StudioError("missing-data", `${card.name}: has no classifier; give a network by --features`);
}
