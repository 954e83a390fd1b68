// Which sampler a request means, and whether it knows what the model's network predicts.

import { StudioError } from "../core/errors.ts";
import { checkOptions } from "../core/options.ts";
import { samplers } from "../samplers/index.ts";
import type { Sampler } from "../samplers/sampler.ts";
import type { Choice, ModelCard } from "./api.ts";

/** @throws unknown-method, invalid-option; invalid-input when the sampler is for other predictions than the model's */
export function samplerFor(card: ModelCard, { id, options }: Choice): Sampler {
  const sampler = samplers.get(id);
  checkOptions(id, sampler.options, options);
  if (!card.samplers.includes(id))
    throw new StudioError(
      "invalid-input",
      `sampler ${id}: is for networks that predict ${sampler.predictions.join(" or ")}, and ${card.name} predicts ${card.spec.prediction}; use ${card.samplers.join(" or ")}`,
    );
  return sampler;
}
