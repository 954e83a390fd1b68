// A whole request from a preset: what the preset does not say is the page's default, or the model's own.

import { type PresetId, presetOptions, presets, USUAL_SEARCHER } from "../../core/presets.ts";
import type { ModelCard, SearchRequest } from "../../engine/api.ts";

export function presetRequest(id: PresetId, card: ModelCard, searcher = USUAL_SEARCHER): SearchRequest {
  const { values } = presets[id];
  return {
    ...values,
    pruner: { id: "obs" },
    stages: 10,
    target: 0.5,
    searcher: { id: searcher, options: presetOptions(id, searcher) },
    metric: { id: card.hasDecoder ? "ssim" : "latent-mse" },
    steps: card.defaults.steps,
    guidance: card.defaults.guidance,
    sampler: { id: "ddim" },
    seed: 0,
  };
}
