// Calibration statistics -> a bank in storage, record by record. What is stored already is left alone, so a run that was
// killed goes on where it stopped; the model is run again for a stage only when a record of that stage is missing.

import type { Factor } from "../core/factor.ts";
import { boundariesOf } from "../core/levels.ts";
import type { OptionValues } from "../core/options.ts";
import type { Bytes, Level, Milliseconds, StageIndex, Tensor } from "../core/tensor.ts";
import type { PrunableLayer } from "../models/model.ts";
import { pruners } from "../pruners/index.ts";
import type { LayerStatistics, Pruner } from "../pruners/pruner.ts";
import type { Storage } from "../storage/storage.ts";
import type { CalibrateRequest, Phase } from "./api.ts";
import { Bank, type BankIndex, bankLock } from "./bank.ts";
import type { BankRecord } from "./bank-record.ts";
import { bankIndex, checkRequest } from "./bank-request.ts";
import { calibrationSet, noisedItems, observe, passesFor, type StageStatistics } from "./calibrate.ts";
import { inLanes } from "./in-lanes.ts";
import type { CalibrationSet, LoadedModel } from "./load.ts";
import type { Pipeline } from "./pipeline.ts";
import { checkRoom, claimOf } from "./room.ts";
import { allBlocks, blockGroups } from "./running-sums.ts";
import { inTurn } from "./turn.ts";

/** Computes one factor: inline in the CLI, in a pool of workers in the page. */
export type FactorLayer = (pruner: string, layer: LayerStatistics, options: OptionValues) => Promise<Factor>;

export interface PrecomputeTools {
  readonly storage: Storage;
  readonly factor: FactorLayer;
  /** How many factors are computed at a time: what a kill can lose. */
  readonly factorThreads: number;
  /** See blockGroups. */
  readonly calibrationBytes?: Bytes | undefined;
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

/** Names of the records that stages lack. */
type Missing = ReadonlyMap<StageIndex, readonly string[]>;

/** Records of one stage that are made of what is observed of some blocks. */
interface Observation {
  readonly stage: StageIndex;
  readonly blocks: ReadonlySet<number>;
  readonly records: readonly string[];
}

/** One bank in the making. */
interface Task {
  readonly model: LoadedModel;
  readonly pruner: Pruner;
  readonly bank: Bank;
  readonly tools: PrecomputeTools;
  readonly signal: AbortSignal;
}

/**
 * Makes what is missing of a bank. While another tab or process makes it, waits, and then finds it made.
 * @throws invalid-input, shape-mismatch, not-positive-definite, storage-full
 */
export async function precompute(
  pipeline: Pipeline,
  request: CalibrateRequest,
  tools: PrecomputeTools,
  on: (progress: PrecomputeProgress) => void,
  signal: AbortSignal,
): Promise<OpenedBank> {
  const { storage } = tools;
  checkRequest(request, pipeline.model);
  const index = bankIndex(pipeline.model, request);
  const begun = new Bank(storage, index);
  const label = "Another tab or process is making this bank";
  return inTurn(
    storage.exclusive,
    bankLock(begun.id),
    () => make(pipeline, request, index, tools, on, signal),
    async (): Promise<PrecomputeProgress> => ({ phase: "calibrate", label, share: await begun.stored() }),
    on,
    signal,
  );
}

async function make(
  pipeline: Pipeline,
  request: CalibrateRequest,
  index: BankIndex,
  tools: PrecomputeTools,
  on: (progress: PrecomputeProgress) => void,
  signal: AbortSignal,
): Promise<OpenedBank> {
  const started = tools.now();
  const { model } = pipeline;
  const bank = await Bank.start(tools.storage, index);
  const pruner = pruners.get(bank.recipe.pruner.id);
  const task: Task = { model, pruner, bank, tools, signal };
  const missing = await findMissing(task);
  await checkRoom(tools.storage, [await claimOf(bank, model.spec)]);

  // One unit of work is a pass over a batch or a record; a pass and a factor of the demo model take about as long.
  const observations = [...missing].flatMap(([stage, records]) => observationsOf(task, stage, records));
  const passes = observations.length * pruner.needs.length * passesFor(bank.recipe.items);
  const total = [...missing.values()].reduce((sum, records) => sum + records.length, passes);
  let done = 0;
  const advance = (phase: Phase, stage: StageIndex) => {
    done++;
    const doing = phase === "factor" ? "Factoring" : "Calibrating";
    on({ phase, label: `${doing} stage ${stage + 1} of ${bank.numStages}`, share: done / total });
  };

  const { items, seed } = bank.recipe;
  const clean =
    missing.size === 0 || request.given || pruner.needs.length === 0
      ? undefined
      : await tools.exclusive(() => calibrationSet(pipeline, request, signal));
  // The records of one stage are made while the device observes the next, unless memory is so short that stages are split.
  const split = observations.length > missing.size;
  let making: Promise<void> = Promise.resolve();
  try {
    for (const { stage, blocks, records } of observations) {
      if (split) await making;
      const range = request.division[stage] as (typeof request.division)[number];
      let statistics: StageStatistics = { items: 0 };
      for (const statistic of pruner.needs) {
        const given =
          request.given?.[stage] ?? noisedItems(clean as CalibrationSet, model.noise, range, stage, items, seed);
        const onPass = () => advance("calibrate", stage);
        const found = await tools.exclusive(() => observe(pipeline, given, statistic, blocks, onPass, signal));
        statistics = { ...statistics, ...found };
      }
      signal.throwIfAborted();
      await making;
      making = makeRecords(task, stage, records, statistics, () => advance("factor", stage));
      making.catch(() => {}); // reported by the await above or below
    }
    await making;
  } finally {
    await Promise.allSettled([making]); // nothing goes on behind a verb that has ended
  }
  await bank.finish();
  return { bank, reused: missing.size === 0, elapsed: tools.now() - started };
}

/** Reads the whole bank, stage by stage: a record that is there may be damaged. */
async function findMissing({ bank, signal }: Task): Promise<Missing> {
  const missing = new Map<StageIndex, readonly string[]>();
  for (let stage = 0; stage < bank.numStages; stage++) {
    signal.throwIfAborted();
    const records = await bank.missing(stage);
    if (records.length > 0) missing.set(stage, records);
  }
  return missing;
}

/** As few as the budget of bytes allows; blocks that lack nothing are not watched. */
function observationsOf(
  { model: { spec }, pruner, tools }: Task,
  stage: StageIndex,
  records: readonly string[],
): Observation[] {
  if (pruner.kind === "depth") return [{ stage, blocks: allBlocks(spec), records }];
  const layers = spec.layers.filter(({ name }) => records.includes(name));
  const lacking = new Set(layers.map(({ block }) => block));
  return blockGroups(spec, pruner.needs, lacking, tools.calibrationBytes).map((group) => {
    const blocks = new Set(group);
    return { stage, blocks, records: layers.filter(({ block }) => blocks.has(block)).map(({ name }) => name) };
  });
}

/** Turns one stage's statistics into the records that the bank lacks, and stores each at once. */
async function makeRecords(
  { model, pruner, bank, tools, signal }: Task,
  stage: StageIndex,
  records: readonly string[],
  statistics: StageStatistics,
  onRecord: () => void,
): Promise<void> {
  const { pruner: choice, maxLevel } = bank.recipe;
  const recordOf = async (name: string): Promise<BankRecord> => {
    if (pruner.kind === "depth") return pruner.rank(statistics.change as Float64Array, choice.options);
    const layer = model.spec.layers.find((known) => known.name === name) as PrunableLayer;
    return tools.factor(choice.id, layerStatistics(model, layer, maxLevel, stage, statistics), choice.options);
  };
  await inLanes(records, tools.factorThreads, async (name) => {
    const record = await recordOf(name);
    signal.throwIfAborted();
    await bank.write(stage, name, record);
    onRecord();
  });
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
