// Calibration statistics -> a bank in storage: stage by stage, resumable. Stages that are stored already are
// left alone, so a run that was killed goes on where it stopped.

import { StudioError } from "../core/errors.ts";
import type { Factor } from "../core/factor.ts";
import { boundariesOf, maxLevelOf } from "../core/levels.ts";
import { checkOptions, type OptionValues } from "../core/options.ts";
import type { Level, Milliseconds, StageIndex, Tensor } from "../core/tensor.ts";
import { sha256 } from "../formats/hash.ts";
import type { PrunableLayer } from "../models/model.ts";
import { pruners } from "../pruners/index.ts";
import type { LayerStatistics, Pruner } from "../pruners/pruner.ts";
import type { Storage } from "../storage/storage.ts";
import type { CalibrateRequest, CalibrationStage, Phase } from "./api.ts";
import { BANK_FORMAT, Bank, type BankRecipe, type StageRecord } from "./bank.ts";
import { calibrationSet, noisedItems, observe, passesFor, type StageStatistics } from "./calibrate.ts";
import type { CalibrationSet, LoadedModel } from "./load.ts";
import type { Pipeline } from "./pipeline.ts";

/** Computes one factor: inline in the CLI, in a pool of workers in the page. */
export type FactorLayer = (pruner: string, layer: LayerStatistics, options: OptionValues) => Promise<Factor>;

export interface PrecomputeTools {
  readonly storage: Storage;
  readonly factor: FactorLayer;
  readonly now: () => Milliseconds;
  /** Runs device work when no other verb uses the device. */
  readonly exclusive: <T>(work: () => Promise<T>) => Promise<T>;
}

export interface PrecomputeProgress {
  readonly phase: Phase;
  readonly label: string;
  /** Share of the whole bank, 0 … 1. */
  readonly share: number;
}

export interface OpenedBank {
  readonly bank: Bank;
  readonly reused: boolean;
  readonly elapsed: Milliseconds;
}

/** What identifies the bank that a request asks for. @throws unknown-method, invalid-option */
export function bankRecipe(model: LoadedModel, request: CalibrateRequest): BankRecipe {
  const pruner = pruners.get(request.pruner.id);
  const evidence =
    pruner.needs.length === 0
      ? { calibration: "none", items: 0, seed: 0 }
      : {
          calibration: request.given ? hashOf(request.given) : model.calibration ? "model" : "samples",
          items: request.given ? (request.given[0]?.t.length ?? 0) : request.items,
          seed: request.seed,
        };
  return {
    format: BANK_FORMAT,
    model: model.card.id,
    pruner: {
      id: request.pruner.id,
      options: checkOptions(request.pruner.id, pruner.options, request.pruner.options),
    },
    division: request.division,
    ...evidence,
    maxLevel: maxLevelOf(model.spec, pruner.kind),
  };
}

/** Makes what is missing of a bank. @throws invalid-input, shape-mismatch, not-positive-definite, storage-full */
export async function precompute(
  pipeline: Pipeline,
  request: CalibrateRequest,
  tools: PrecomputeTools,
  on: (progress: PrecomputeProgress) => void,
  signal: AbortSignal,
): Promise<OpenedBank> {
  const started = tools.now();
  const { model } = pipeline;
  checkRequest(request, model);
  const bank = new Bank(tools.storage, bankRecipe(model, request));
  const pruner = pruners.get(bank.recipe.pruner.id);
  const missing: StageIndex[] = [];
  for (let stage = 0; stage < bank.numStages; stage++) if (!(await bank.stage(stage))) missing.push(stage);

  // One unit of work is a pass over a batch or a factor; a pass and a factor of the demo model take about as long.
  const factors = pruner.kind === "width" ? model.spec.layers.length : 1;
  const total = missing.length * (pruner.needs.length * passesFor(bank.recipe.items) + factors);
  let done = 0;
  const advance = (phase: Phase, stage: StageIndex) => {
    done++;
    const doing = phase === "factor" ? "Factoring" : "Calibrating";
    on({ phase, label: `${doing} stage ${stage + 1} of ${bank.numStages}`, share: done / total });
  };

  const { items, seed } = bank.recipe;
  const clean =
    missing.length === 0 || request.given || pruner.needs.length === 0
      ? undefined
      : await tools.exclusive(() => calibrationSet(pipeline, items, seed, signal));
  // The factors of one stage are computed while the device observes the next.
  let writing: Promise<void> = Promise.resolve();
  try {
    for (const stage of missing) {
      const range = request.division[stage] as (typeof request.division)[number];
      let statistics: StageStatistics = { items: 0 };
      for (const statistic of pruner.needs) {
        const given =
          request.given?.[stage] ?? noisedItems(clean as CalibrationSet, model.noise, range, stage, items, seed);
        const onPass = () => advance("calibrate", stage);
        const found = await tools.exclusive(() => observe(pipeline, given, statistic, onPass, signal));
        statistics = { ...statistics, ...found };
      }
      signal.throwIfAborted();
      await writing;
      writing = rankAll(model, pruner, bank, stage, statistics, tools, () => advance("factor", stage), signal).then(
        (record) => bank.write(stage, record),
      );
      writing.catch(() => {}); // reported by the await above or below
    }
    await writing;
  } finally {
    await Promise.allSettled([writing]); // nothing goes on behind a verb that has ended
  }
  return { bank, reused: missing.length === 0, elapsed: tools.now() - started };
}

function checkRequest({ division, items, given }: CalibrateRequest, { spec, noise }: LoadedModel): void {
  const refuse = (what: string, code: "invalid-input" | "shape-mismatch" = "invalid-input"): never => {
    throw new StudioError(code, `calibrate: ${what}`);
  };
  let next = noise.timesteps - 1;
  for (const [stage, { high, low }] of division.entries()) {
    if (high !== next || low > high)
      refuse(`stage ${stage} holds timesteps ${high} … ${low}, but ${next} comes next; leave no gap`);
    next = low - 1;
  }
  if (next !== -1) refuse(`no stage holds timesteps ${next} … 0; cover ${noise.timesteps - 1} … 0`);
  if (!given) {
    if (!(Number.isInteger(items) && items >= 1)) refuse(`${items} items per stage; use at least 1`);
    return;
  }
  if (given.length !== division.length)
    refuse(`latents of ${given.length} stages for a division of ${division.length}`);
  const { channels, height, width } = spec.latent;
  for (const [stage, { x, t, y }] of given.entries()) {
    const expected = [t.length, channels, height, width];
    if (t.length === 0 || y.length !== t.length || x.shape.join() !== expected.join())
      refuse(
        `stage ${stage} has latents [${x.shape.join(", ")}] with ${t.length} timesteps and ${y.length} labels; give as many of each, latents [n, ${expected.slice(1).join(", ")}]`,
        "shape-mismatch",
      );
    if (
      t.some((timestep) => timestep < 0 || timestep >= noise.timesteps) ||
      y.some((label) => label < 0 || label > spec.numClasses)
    )
      refuse(
        `stage ${stage} has a timestep outside 0 … ${noise.timesteps - 1} or a label outside 0 … ${spec.numClasses}`,
      );
  }
}

/** Turns one stage's statistics into the record that the bank keeps. */
async function rankAll(
  model: LoadedModel,
  pruner: Pruner,
  bank: Bank,
  stage: StageIndex,
  statistics: StageStatistics,
  tools: PrecomputeTools,
  onFactor: () => void,
  signal: AbortSignal,
): Promise<StageRecord> {
  const { options } = bank.recipe.pruner;
  if (pruner.kind === "depth") {
    onFactor();
    return { kind: "depth", order: pruner.rank(statistics.change as Float64Array, options) };
  }
  const factors = new Map<string, Factor>();
  await Promise.all(
    model.spec.layers.map(async (layer) => {
      const given = layerStatistics(model, layer, bank.recipe.maxLevel, stage, statistics);
      const found = await tools.factor(bank.recipe.pruner.id, given, options);
      signal.throwIfAborted();
      factors.set(layer.name, found);
      onFactor();
    }),
  );
  return { kind: "width", factors: new Map(model.spec.layers.map(({ name }) => [name, factors.get(name) as Factor])) };
}

/** What a width pruner is told of one layer; statistics that it did not ask for are absent. */
function layerStatistics(
  { weights, spec }: LoadedModel,
  { name, structure, weight, rows, columns, groupSize, producers }: PrunableLayer,
  maxLevel: Level,
  stage: StageIndex,
  { items, grams, moments }: StageStatistics,
): LayerStatistics {
  const dataOf = (tensor: string) => (weights.get(tensor) as Tensor).data;
  const gram = grams?.get(name);
  const sums = moments?.get(name);
  return {
    name: `${name}, stage ${stage}`,
    structure,
    weight: dataOf(weight),
    rows,
    columns,
    groupSize,
    boundaries: boundariesOf(columns, groupSize, maxLevel),
    items,
    ...(gram && { gram: gram.products, sum: { values: gram.sum, tokens: items * spec.tokens } }),
    ...(sums && { moments: { ...sums, producerWeights: producers.map((producer) => dataOf(producer.weight)) } }),
  };
}

function hashOf(given: readonly CalibrationStage[]): string {
  const bytesOf = (data: Float32Array | Int32Array) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return sha256(given.flatMap(({ x, t, y }) => [bytesOf(x.data), bytesOf(t), bytesOf(y)]));
}
