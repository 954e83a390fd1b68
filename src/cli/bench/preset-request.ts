// A whole request from a preset: what the preset does not say is the page's default, or the model's own.

import { type PresetId, presetOptions, presetSearcher, presets, USUAL_SEARCHER } from "../../core/presets.ts";
import type { ModelCard, SearchRequest } from "../../engine/api.ts";

export function presetRequest(id: PresetId, card: ModelCard, chosen = USUAL_SEARCHER): SearchRequest {
  const searcher = presetSearcher(id, chosen);
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
    sampler: { id: card.samplers[0] as string },
    seed: 0,
  };
}
