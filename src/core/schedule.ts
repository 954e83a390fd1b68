// A schedule is a division of the timesteps into stages and one level per stage: what the search changes
// and what every view draws. Stages count in sampling order (0 = first, noisiest); the reference code
// counts from the low timesteps and is converted by `reversed` in one place.

import { StudioError } from "./errors.ts";
import { roundHalfEven } from "./math.ts";
import type { Level, Ratio, StageIndex, Timestep } from "./tensor.ts";

/** Inclusive native timesteps of one stage, `high >= low`. */
export interface TimestepRange {
  readonly high: Timestep;
  readonly low: Timestep;
}

/** Stage borders in sampling order; the ranges cover T-1 … 0 without gap or overlap. */
export type Division = readonly TimestepRange[];

export interface Schedule {
  readonly division: Division;
  /** One level per stage, sampling order. */
  readonly levels: readonly Level[];
}

/**
 * Stages of equal width, as the reference cuts them, numbered in sampling order.
 * @throws invalid-input
 */
export function uniformDivision(numStages: number, timesteps: number): Division {
  if (!(Number.isInteger(numStages) && numStages >= 1 && numStages <= timesteps))
    throw new StudioError("invalid-input", `division: ${numStages} stages; choose 1 … ${timesteps}`);
  return divisionAt(Array.from({ length: numStages + 1 }, (_, i) => roundHalfEven((i * timesteps) / numStages)));
}

/**
 * MosaicDiff's three stages: 550-999, 100-549 and 0-99 of 1000 timesteps, in proportion for other counts.
 * @throws invalid-input
 */
export function mosaicDivision(timesteps: number): Division {
  if (!(Number.isInteger(timesteps) && timesteps >= 10))
    throw new StudioError("invalid-input", `division: MosaicDiff's three stages need 10 timesteps, not ${timesteps}`);
  return divisionAt([0, roundHalfEven(timesteps / 10), roundHalfEven((timesteps * 11) / 20), timesteps]);
}

/**
 * Every `count` neighbours become one stage, the noisiest first; fewer may be left for the last.
 * @throws invalid-input
 */
export function mergeStages(division: Division, count: number): Division {
  if (!(Number.isInteger(count) && count >= 1))
    throw new StudioError("invalid-input", `division: ${count} stages cannot be merged; choose 1 or more`);
  const merged = [];
  for (let first = 0; first < division.length; first += count) {
    const group = division.slice(first, first + count);
    merged.push({ high: (group[0] as TimestepRange).high, low: (group.at(-1) as TimestepRange).low });
  }
  return merged;
}

/**
 * For every stage of `fine` the stage of `coarse` that holds it whole.
 * @throws invalid-input when none does
 */
export function stagesWithin(fine: Division, coarse: Division): StageIndex[] {
  return fine.map(({ high, low }) => {
    const holder = coarse.findIndex((stage) => high <= stage.high && low >= stage.low);
    if (holder >= 0) return holder;
    const borders = coarse.map((stage) => `${stage.high} … ${stage.low}`).join(", ");
    throw new StudioError("invalid-input", `division: timesteps ${high} … ${low} lie in no stage of ${borders}`);
  });
}

/** Rising edges 0 … T to ranges in sampling order. */
function divisionAt(edges: readonly number[]): Division {
  return edges
    .slice(1)
    .map((edge, i) => ({ high: edge - 1, low: edges[i] as number }))
    .reverse();
}

/**
 * Conserved sum of levels: the nearest whole mean level, for every stage.
 * @throws budget-unreachable when that level is dense or empty.
 */
export function budgetOf(target: Ratio, maxLevel: Level, numStages: number): number {
  const level = target > 0 && target < 1 ? roundHalfEven(target * maxLevel) : NaN;
  if (!(level > 0 && level < maxLevel))
    throw new StudioError(
      "budget-unreachable",
      `budget: a target sparsity of ${target} is ${Number((target * maxLevel).toFixed(2))} of ${maxLevel} levels; choose one that rounds to 1 … ${maxLevel - 1}`,
      { target, maxLevel },
    );
  return level * numStages;
}

/** Levels summed over visited steps: what a trajectory saves, in levels. */
export function weightedLevels(levels: readonly Level[], stepsPerStage: readonly number[]): number {
  return levels.reduce((sum, level, stage) => sum + level * (stepsPerStage[stage] as number), 0);
}

/** Mean level over visited steps / maxLevel. */
export function sparsityOf(levels: readonly Level[], stepsPerStage: readonly number[], maxLevel: Level): Ratio {
  const numSteps = stepsPerStage.reduce((sum, steps) => sum + steps, 0);
  return weightedLevels(levels, stepsPerStage) / (numSteps * maxLevel);
}

/** Equal for equal schedules of one division. */
export function scheduleKey(levels: readonly Level[]): string {
  return levels.join(",");
}

/** To or from the reference's numbering, whose stage 0 holds the lowest timesteps. The only conversion there is. */
export function reversed<T>(stages: readonly T[]): T[] {
  return [...stages].reverse();
}

/** @throws invalid-input unless there are `numStages` integers in 0 … maxLevel. */
export function checkLevels(where: string, levels: readonly Level[], numStages: number, maxLevel: Level): void {
  if (levels.length !== numStages)
    throw new StudioError("invalid-input", `${where}: ${levels.length} levels for ${numStages} stages`);
  const wrong = levels.findIndex((level) => !(Number.isInteger(level) && level >= 0 && level <= maxLevel));
  if (wrong >= 0)
    throw new StudioError(
      "invalid-input",
      `${where}: level ${levels[wrong]} of stage ${wrong} is not an integer in 0 … ${maxLevel}`,
    );
}
