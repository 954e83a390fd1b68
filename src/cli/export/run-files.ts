// A schedule, and the search that found it, in the words of the authors' files.

import type { Factor } from "../../core/factor.ts";
import { checkOptions } from "../../core/options.ts";
import { stepsPerStage, timeline } from "../../core/timeline.ts";
import type { SearchRequest, SearchResult } from "../../engine/api.ts";
import type { LoadedModel } from "../../engine/load.ts";
import { ordersFile } from "../../formats/exchange/files.ts";
import type { LevelMapping, Meta } from "../../formats/exchange/meta.ts";
import type { Sizes } from "../../formats/exchange/official.ts";
import type { BlockOrders } from "../../formats/exchange/orders.ts";
import type { Orders, SearchLog } from "../../formats/exchange/write.ts";
import { metrics } from "../../metrics/index.ts";
import type { DenoiserSpec } from "../../models/model.ts";
import { pruners } from "../../pruners/index.ts";
import { searchers } from "../../searchers/index.ts";
import type { BankSchedule } from "../schedule-flags.ts";
import { scheduleStages } from "./schedule-stages.ts";
import type { SampledSchedule } from "./write-stages.ts";

/** What the authors call the meta data of a search, or of levels that nobody searched. */
export function metaOf(
  { bank, division, levels, steps, guidance }: SampledSchedule,
  model: LoadedModel,
  mapping: LevelMapping,
): Meta {
  const { pruner, maxLevel } = bank.recipe;
  const mean = levels.reduce((sum, level) => sum + level, 0) / levels.length;
  return {
    method: pruner.id,
    kind: pruners.get(pruner.id).kind,
    division,
    maxLevel,
    targetLevel: Number.isInteger(mean) ? mean : undefined,
    steps,
    guidance,
    mapping,
    stepsPerStage: stepsPerStage(division, timeline(model.noise, steps).timesteps),
    model: model.card.id,
    depth: model.spec.depth,
    heads: model.spec.heads,
  };
}

/** What a run was asked for, did and took. */
export function logOf({ request, generations, elapsed, times }: SearchResult): SearchLog {
  return { settings: searchSettings(request), generations, elapsed, times };
}

export function searchSettings(request: SearchRequest): SearchLog["settings"] {
  const searcher = searchers.get(request.searcher.id);
  const options = checkOptions(request.searcher.id, searcher.options, request.searcher.options);
  const option = (name: string) => Number(options[name] ?? 0); // another searcher may not have it
  const { mode, weights, suffix } = checkOptions(
    request.metric.id,
    metrics.get(request.metric.id).options,
    request.metric.options,
  );
  return {
    generations: option("generations"),
    offspring: option("offspring"),
    survivors: option("survivors"),
    maxMove: option("maxMove"),
    mutations: option("mutations"),
    calibrationItems: request.calibrationItems,
    metric: request.metric.id,
    compared: { mode: String(mode), weights: String(weights), suffix: Number(suffix) },
    probes: request.probes,
    validated: request.validation > 0,
    seed: request.seed,
  };
}

export function sizesOf({ depth, heads, mlpWidth }: DenoiserSpec): Sizes {
  return { depth, heads, channels: mlpWidth };
}

/** Undefined for a method whose orders the authors do not write beside the schedule. */
export async function ordersOf(schedule: BankSchedule, spec: DenoiserSpec): Promise<Orders | undefined> {
  if (!ordersFile(schedule.bank.recipe.pruner.id)) return undefined;
  const ranked: number[][] = [];
  const stages: BlockOrders[][] = [];
  for await (const record of scheduleStages(schedule))
    if (record.kind === "depth") ranked.push([...record.order]);
    else stages.push(blockOrders(record.factors, spec));
  return ranked.length > 0 ? { kind: "depth", stages: ranked } : { kind: "width", stages };
}

function blockOrders(factors: ReadonlyMap<string, Factor>, { depth, layers }: DenoiserSpec): BlockOrders[] {
  const blocks = Array.from({ length: depth }, (): Record<string, number[]> => ({}));
  for (const { name, block, structure } of layers) {
    const orders = blocks[block] as Record<string, number[]>;
    orders[structure] = [...(factors.get(name) as Factor).order];
  }
  return blocks.map(({ head = [], channel = [] }) => ({ heads: head, channels: channel }));
}
