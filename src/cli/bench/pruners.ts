// Which pruning method hurts least? Every method and variant at the same uniform level in all stages, so that nothing but
// the method differs: relative squared error of the final latents against the dense model's, from the same noise.

import { mergeStages, uniformDivision } from "../../core/schedule.ts";
import type { Level } from "../../core/tensor.ts";
import type { CalibrateRequest, Difference, RoutedSchedule } from "../../engine/api.ts";
import { pairedDifference } from "../../engine/verdict.ts";
import type { EngineBench } from "./bench.ts";
import { round3 } from "./measure.ts";

const STAGES = 10;
const ITEMS = 64;
const PICTURES = 100;
const BATCH = 20;
const SHARES = [0.25, 0.5] as const;

interface Variant extends Pick<CalibrateRequest, "pruner" | "dataFree"> {
  readonly name: string;
  readonly stagesPerFactor?: number;
}
/** What the others are compared with. */
const REFERENCE = "OBS";
const VARIANTS: readonly Variant[] = [
  { name: REFERENCE, pruner: { id: "obs" } },
  { name: "OBS, mean correction", pruner: { id: "obs", options: { mean: true } } },
  { name: "OBS, two stages per factor", pruner: { id: "obs" }, stagesPerFactor: 2 },
  { name: "OBS, data-free", pruner: { id: "obs" }, dataFree: true },
  { name: "Wanda, columns", pruner: { id: "wanda", options: { variant: "columns" } } },
  { name: "Wanda, paper", pruner: { id: "wanda", options: { variant: "paper" } } },
  { name: "Wanda, official-compat", pruner: { id: "wanda", options: { variant: "official-compat" } } },
  { name: "Activation, columns", pruner: { id: "activation", options: { variant: "columns" } } },
  { name: "Activation, official-compat", pruner: { id: "activation", options: { variant: "official-compat" } } },
  { name: "Magnitude, columns", pruner: { id: "magnitude", options: { variant: "columns" } } },
  { name: "Magnitude, official-compat", pruner: { id: "magnitude", options: { variant: "official-compat" } } },
  { name: "LayerDrop", pruner: { id: "layerdrop" } },
];

export const pruners: EngineBench = {
  help: "error of every pruning method and variant at 25 % and 50 % in all stages",
  async run({ engine, card }, context) {
    const division = uniformDivision(STAGES, card.timesteps);
    /** Latents of all pictures, batch after batch. */
    const sample = async (schedule?: RoutedSchedule): Promise<Float32Array[]> => {
      const batches = [];
      for (let from = 0; from < PICTURES; from += BATCH) {
        const labels = Array.from({ length: BATCH }, (_, index) => (from + index) % card.spec.numClasses);
        const request = { ...card.defaults, sampler: { id: "ddim" }, labels, seed: from, schedule };
        batches.push((await engine.sample(request, () => {}, context.signal)).latents.data as Float32Array);
      }
      return batches;
    };
    const dense = await sample();
    const reference = new Map<number, readonly number[]>();
    const rows = [];
    for (const { name, stagesPerFactor = 1, ...variant } of VARIANTS) {
      const request = { ...variant, division: mergeStages(division, stagesPerFactor), items: ITEMS, seed: 0 };
      const bank = await engine.calibrate(request, () => {}, context.signal);
      const levels = [];
      for (const share of SHARES) {
        const level: Level = Math.round(share * bank.maxLevel);
        const schedule = { division, levels: division.map(() => level), bank: bank.id };
        const errors = relativeErrors(await sample(schedule), dense);
        if (name === REFERENCE) reference.set(share, errors);
        const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
        const difference = rounded(pairedDifference(errors, reference.get(share) as readonly number[]));
        levels.push({ share, level, error: round3(mean), ...(name !== REFERENCE && { difference }) });
      }
      rows.push({ name, calibrateSeconds: round3(bank.elapsed / 1000), levels });
      context.report(JSON.stringify(rows.at(-1)));
    }
    return { stages: STAGES, items: ITEMS, pictures: PICTURES, reference: REFERENCE, rows };
  },
};

/** ||pruned - dense||^2 / ||dense||^2 of every picture. */
function relativeErrors(pruned: readonly Float32Array[], dense: readonly Float32Array[]): number[] {
  return pruned.flatMap((batch, index) => {
    const reference = dense[index] as Float32Array;
    const size = batch.length / BATCH;
    return Array.from({ length: BATCH }, (_, picture) => {
      let [distance, length] = [0, 0];
      for (let i = picture * size; i < (picture + 1) * size; i++) {
        const value = reference[i] as number;
        distance += ((batch[i] as number) - value) ** 2;
        length += value ** 2;
      }
      return distance / length;
    });
  });
}

function rounded({ mean, low, high }: Difference): Difference {
  return { mean: round3(mean), low: round3(low), high: round3(high) };
}
