// A whole request from a preset: what the preset does not say is the page's default, or the model's own.

import { type PresetId, presets } from "../../core/presets.ts";
import type { ModelCard, SearchRequest } from "../../engine/api.ts";

export function presetRequest(id: PresetId, card: ModelCard): SearchRequest {
  const { values, options } = presets[id];
  return {
    ...values,
    pruner: { id: "obs" },
    stages: 10,
    target: 0.5,
    searcher: { id: "evolution", options },
    metric: { id: card.hasDecoder ? "ssim" : "latent-mse" },
    steps: card.defaults.steps,
    guidance: card.defaults.guidance,
    sampler: { id: "ddim" },
    seed: 0,
  };
}
