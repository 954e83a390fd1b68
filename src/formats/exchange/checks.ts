// Whether each file of the authors' folder fits the others and the model. Stages are named in reports as the files number
// them.

import { roundHalfEven } from "../../core/math.ts";
import type { Division } from "../../core/schedule.ts";
import type { Level, Ratio } from "../../core/tensor.ts";
import type { EvolutionLog } from "./evolution.ts";
import type { Report } from "./folder.ts";
import type { Meta } from "./meta.ts";
import { methodToAuthors, modeOf } from "./method.ts";
import type { Scale } from "./official.ts";
import type { BlockOrders } from "./orders.ts";
import { divisionToRanges, officialName } from "./stages.ts";
import type { Timings } from "./timings.ts";

/** What all files must agree with. */
export interface Known extends Scale {
  readonly division: Division;
  /** As written, sampling order. */
  readonly levels: readonly Level[];
  readonly maxLevel: Level;
  /** Hash of the model's weights. */
  readonly model: string;
  /** Mean level per stage, when the levels must keep to a budget. */
  readonly targetLevel?: Level | undefined;
}

/** Ratios may have been written with six digits. */
const RATIO_TOLERANCE = 1e-6;

export function checkMeta(meta: Meta, known: Known, report: Report): void {
  const { division, sizes } = known;
  same(report, "prune_method", methodToAuthors(meta.method), methodToAuthors(known.method));
  same(report, "mode", modeOf(meta.kind), modeOf(known.kind));
  same(report, "H", meta.maxLevel, known.maxLevel);
  same(report, "depth", meta.depth, sizes.depth);
  same(report, "num_heads", meta.heads, sizes.heads);
  same(report, "studio.model", meta.model, known.model);
  same(report, "number_of_stages", meta.division.length, division.length);
  if (meta.division.length !== division.length) return;
  const equal = divisionToRanges(division);
  for (const [stage, [low, high]] of divisionToRanges(meta.division).entries())
    same(report, `stage ${stage}`, `${low} … ${high}`, (equal[stage] as readonly number[]).join(" … "));
}

/** @param levels sampling order */
export function checkLevels(levels: readonly Level[], known: Known, report: Report): void {
  const { division, maxLevel, targetLevel } = known;
  same(report, "the number of stages", levels.length, division.length);
  for (const [stage, level] of levels.entries())
    if (level < 0 || level > maxLevel)
      report(`${officialName(stage, levels)} has level ${level}, not one of 0 … ${maxLevel}`);
  if (targetLevel === undefined) return;
  same(report, "the sum of the levels", sumOf(levels), targetLevel * division.length);
}

/** @param ratios sampling order */
export function checkRatios(ratios: readonly Ratio[], { levels, maxLevel }: Known, report: Report): void {
  same(report, "the number of stages", ratios.length, levels.length);
  if (ratios.length !== levels.length) return;
  for (const [stage, ratio] of ratios.entries()) {
    const level = levels[stage] as Level;
    if (Math.abs(ratio - level / maxLevel) > RATIO_TOLERANCE)
      report(
        `${officialName(stage, levels)} has ratio ${ratio}, but level ${level} of ${maxLevel} is ${level / maxLevel}`,
      );
  }
}

export function checkTimings(timings: Timings, known: Known, report: Report): void {
  same(report, "prune_method", methodToAuthors(timings.method), methodToAuthors(known.method));
  same(report, "num_stages", timings.numStages, known.division.length);
  // As given on their command line; the search rounds it.
  if (known.targetLevel !== undefined)
    same(report, "target_level", roundHalfEven(timings.targetLevel), known.targetLevel);
}

/** @param stages blocks, least important first, sampling order */
export function checkDepthOrders(stages: readonly (readonly number[])[], known: Known, report: Report): void {
  same(report, "the number of stages", stages.length, known.division.length);
  for (const [stage, order] of stages.entries())
    checkOrder(order, known.sizes.depth, officialName(stage, stages), report);
}

/** @param stages [stage in sampling order][block] */
export function checkWidthOrders(stages: readonly (readonly BlockOrders[])[], known: Known, report: Report): void {
  const { depth, heads, channels } = known.sizes;
  same(report, "the number of stages", stages.length, known.division.length);
  for (const [stage, blocks] of stages.entries()) {
    const name = officialName(stage, stages);
    same(report, `the number of blocks of ${name}`, blocks.length, depth);
    for (const [block, orders] of blocks.entries()) {
      checkOrder(orders.heads, heads, `${name}, block ${block}: attn_heads_order`, report);
      checkOrder(orders.channels, channels, `${name}, block ${block}: mlp_channels_order`, report);
    }
  }
}

export function checkEvolution(log: EvolutionLog, known: Known, report: Report): void {
  const { division, targetLevel } = known;
  same(report, "meta.mode", modeOf(log.kind), modeOf(known.kind));
  same(report, "meta.H", log.maxLevel, known.maxLevel);
  if (targetLevel !== undefined) same(report, "meta.target_level_int", log.targetLevel, targetLevel);
  const budget = log.targetLevel * division.length;
  for (const [generation, { population }] of log.generations.entries())
    for (const [place, { levels }] of population.entries()) {
      const name = `generation ${generation}, place ${place}`;
      same(report, `${name}: the number of stages`, levels.length, division.length);
      if (levels.length === division.length) same(report, `${name}: the sum of the levels`, sumOf(levels), budget);
    }
}

function checkOrder(order: readonly number[], count: number, name: string, report: Report): void {
  const fits = order.length === count && new Set(order).size === count && order.every((i) => i >= 0 && i < count);
  if (!fits)
    report(`${name} is no order of 0 … ${count - 1}: ${order.length} entries, ${new Set(order).size} distinct`);
}

/** A field that the file does not have agrees with anything. */
function same<T extends string | number>(report: Report, field: string, said: T | undefined, known: T): void {
  if (said !== undefined && said !== known) report(`${field} is ${said}, expected ${known}`);
}

function sumOf(levels: readonly Level[]): number {
  return levels.reduce((sum, level) => sum + level, 0);
}
