// Three sizes of search, from a coffee to the paper's own. The page, the CLI's benches and the README use the same.

import type { ModelCard, SearchRequest } from "./api.ts";

interface Preset {
  readonly label: string;
  readonly help: string;
  readonly probes: number;
  readonly heldOut: number;
  readonly survivors: number;
  readonly offspring: number;
  readonly generations: number;
  readonly calibrationItems: number;
}

export const presets = {
  quick: preset("Quick", 4, 8, 4, 8, 8, 32),
  standard: preset("Standard", 16, 16, 4, 16, 30, 128),
  paper: preset("Paper", 64, 64, 4, 16, 100, 512),
} as const;

function preset(
  label: string,
  probes: number,
  heldOut: number,
  survivors: number,
  offspring: number,
  generations: number,
  calibrationItems: number,
): Preset {
  const help = `${probes} probes, ${survivors} survivors + ${offspring} offspring, ${generations} generations`;
  return { label, help, probes, heldOut, survivors, offspring, generations, calibrationItems };
}

/** A whole request: what the preset does not say is the paper's choice on DiT, or the model's own default. */
export function presetRequest(
  { probes, heldOut, survivors, offspring, generations, calibrationItems }: Preset,
  card: ModelCard,
): SearchRequest {
  return {
    pruner: { id: "obs" },
    stages: 10,
    target: 0.5,
    searcher: { id: "evolution", options: { generations, survivors, offspring } },
    metric: { id: card.hasDecoder ? "ssim" : "latent-mse" },
    probes,
    heldOut,
    steps: card.defaults.steps,
    guidance: card.defaults.guidance,
    sampler: { id: "ddim" },
    calibrationItems,
    seed: 0,
  };
}
