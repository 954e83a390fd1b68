// Writes the weights of every stage of a schedule, an index, and a sampler in PyTorch that reads both.

import { copyFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Level } from "../../core/tensor.ts";
import { stageOfSteps, stepsPerStage, timeline } from "../../core/timeline.ts";
import type { LoadedModel } from "../../engine/load.ts";
import { samplerFor } from "../../engine/sampler-for.ts";
import { writeSafetensors } from "../../formats/safetensors.ts";
import type { BankSchedule } from "../schedule-flags.ts";
import { scheduleStages } from "./schedule-stages.ts";
import { stageWeights } from "./stage-weights.ts";

const INDEX = "stages.json";
const SAMPLER = "sample.py";
const SAMPLER_SOURCE = join(import.meta.dirname, "../../formats/exchange", SAMPLER);
const fileOf = (stage: number) => `stage${stage}.safetensors`;

export interface SampledSchedule extends BankSchedule {
  /** Sampling steps. */
  readonly steps: number;
  readonly guidance: number;
}

/** Every name that `writeStages` may write. */
export function stagesFiles(levels: readonly Level[]): string[] {
  return [INDEX, SAMPLER, ...levels.map((_, stage) => fileOf(stage))];
}

/**
 * Returns the names of the files. One stage at a time is in memory; one without tensors of its own gets no file.
 * @throws missing-data when the bank lacks a stage, invalid-input when no step visits one
 */
export async function writeStages(out: string, model: LoadedModel, schedule: SampledSchedule): Promise<string[]> {
  const { bank, division, levels, guidance } = schedule;
  const { card, spec } = model;
  const { pruner, maxLevel } = bank.recipe;
  const visited = stepsOf(model, schedule);
  const stages: object[] = [];
  const files = [INDEX, SAMPLER];
  for await (const record of scheduleStages(schedule)) {
    const stage = stages.length;
    const level = levels[stage] as Level;
    const { tensors, skipped, kept } = stageWeights(model, record, level);
    const file = tensors.size > 0 ? fileOf(stage) : null;
    if (file) {
      await writeFile(join(out, file), writeSafetensors(tensors));
      files.push(file);
    }
    stages.push({ ...division[stage], level, file, skipped, kept, steps: visited[stage] });
  }
  const index = {
    format: "diff-es-stages/2",
    model: { id: card.id, name: card.name },
    pruner,
    maxLevel,
    headDim: spec.headDim,
    nullLabel: spec.numClasses,
    guidedChannels: spec.guidedChannels,
    guidance,
    order: "sampling",
    stages,
  };
  await writeFile(join(out, INDEX), `${JSON.stringify(index, undefined, 2)}\n`);
  await copyFile(SAMPLER_SOURCE, join(out, SAMPLER));
  return files;
}

/**
 * By stage: visited timesteps, what the network is told there, and the next latent as latent * x + output * (what it
 * answers), by the model's usual sampler, which looks at one step only.
 */
function stepsOf({ card, noise, spec }: LoadedModel, { division, steps }: SampledSchedule) {
  const line = timeline(noise, steps);
  const { timesteps } = line;
  stepsPerStage(division, timesteps); // throws when a stage has none
  const stageOf = stageOfSteps(division, timesteps);
  const table = samplerFor(card, { id: card.samplers[0] as string }).steps(line, spec.prediction, {});
  const all = table.map(({ timestep, next }) => ({ timestep, told: noise.told[timestep], ...next }));
  return division.map((_, stage) => all.filter((_, index) => stageOf[index] === stage));
}
