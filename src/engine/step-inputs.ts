// What metrics look at after a step: latents as they are, pictures as the clean ones that the step predicts. The last
// step's prediction is its result, so a comparison of final pictures decodes what the solver ends with.

import type { StepIndex, Tensor } from "../core/tensor.ts";
import type { MetricInput } from "../metrics/metric.ts";
import { cleanLatents } from "./clean-latents.ts";
import type { Place } from "./multistep.ts";
import type { Batch, Pipeline, Rollout, SamplingPlan } from "./pipeline.ts";

export interface Look {
  readonly batch: Batch;
  readonly plan: SamplingPlan;
  /** Rising; the last one is the plan's last. All but that need the rollout's trajectory. */
  readonly steps: readonly StepIndex[];
  /** Whether pictures are looked at too. */
  readonly pictures: boolean;
}

/** Inputs after every step of `look`, owned by the caller; takes over the rollout's latents. */
export async function stepInputs(pipeline: Pipeline, look: Look, rollout: Rollout): Promise<MetricInput[]> {
  const { trajectory } = rollout;
  const last = look.steps.length - 1;
  const latents = look.steps.map((step, index) =>
    index === last ? rollout.latents : pipeline.runtime.upload((trajectory[step] as Place<Tensor>).latent),
  );
  const inputs: MetricInput[] = latents.map((latents) => ({ latents }));
  if (!look.pictures) return inputs;
  try {
    const clean = last > 0 ? cleanLatents(look.batch.noise, trajectory, pipeline.linearSteps(look.plan)) : [];
    for (const [index, step] of look.steps.entries()) {
      const shown = index === last ? rollout.latents : (clean[step] as Tensor);
      inputs[index] = { ...(inputs[index] as MetricInput), pictures: await pipeline.decode(shown) };
    }
    return inputs;
  } catch (error) {
    inputs.forEach(freeInput);
    throw error;
  }
}

export function freeInput({ latents, pictures }: MetricInput): void {
  latents.free();
  pictures?.free();
}
