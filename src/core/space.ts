// What may be searched: level vectors under one budget. The budget counts levels, as in the paper, or levels over the
// steps that each stage really visits: stages of 7, 6 and 7 steps do not cost the same.

import { StudioError } from "./errors.ts";
import { budgetOf, checkLevels, weightedLevels } from "./schedule.ts";
import type { Level, Ratio } from "./tensor.ts";

/** Level vectors of `numStages` entries in 0 … maxLevel that spend `budget`. */
export interface LevelSpace {
  readonly numStages: number;
  readonly maxLevel: Level;
  /** Sum of levels; with `stepsPerStage` the sum over visited steps. */
  readonly budget: number;
  /** Visited steps of each stage, at least 1, where the budget counts them. [numStages] */
  readonly stepsPerStage?: readonly number[];
}

/**
 * The schedules of a mean sparsity: as many levels as the nearest whole mean level gives, over stages or over steps.
 * @throws budget-unreachable when that level is dense or empty.
 */
export function spaceOf(
  target: Ratio,
  numStages: number,
  maxLevel: Level,
  stepsPerStage?: readonly number[],
): LevelSpace {
  const budget = budgetOf(target, maxLevel, numStages);
  if (!stepsPerStage) return { numStages, maxLevel, budget };
  const steps = stepsPerStage.reduce((sum, count) => sum + count, 0);
  return { numStages, maxLevel, budget: (budget / numStages) * steps, stepsPerStage };
}

/** What a schedule spends of the budget. */
export function spentOf(levels: readonly Level[], { stepsPerStage }: LevelSpace): number {
  return stepsPerStage ? weightedLevels(levels, stepsPerStage) : levels.reduce((sum, level) => sum + level, 0);
}

/** Sparsity of the budget: its mean level / maxLevel. */
export function reachedBy(space: LevelSpace): Ratio {
  return space.budget / spentOf(new Array<Level>(space.numStages).fill(space.maxLevel), space);
}

/** What one level of a stage spends. */
export function stepsOf({ stepsPerStage }: LevelSpace, stage: number): number {
  return stepsPerStage ? (stepsPerStage[stage] as number) : 1;
}

/**
 * How far a schedule may be from the budget: half a level of the stage with most steps, so that some schedule always
 * is near enough. Less than one level, hence nothing, where only levels count.
 */
export function toleranceOf({ stepsPerStage }: LevelSpace): number {
  return stepsPerStage ? Math.max(...stepsPerStage) / 2 : 0;
}

export function keepsBudget(levels: readonly Level[], space: LevelSpace): boolean {
  return Math.abs(spentOf(levels, space) - space.budget) <= toleranceOf(space);
}

/** @throws budget-unreachable, invalid-input when there is no such space */
export function checkSpace(where: string, space: LevelSpace): void {
  const { numStages, maxLevel, budget, stepsPerStage } = space;
  if (
    stepsPerStage &&
    !(stepsPerStage.length === numStages && stepsPerStage.every((n) => Number.isInteger(n) && n > 0))
  )
    throw new StudioError(
      "invalid-input",
      `${where}: [${stepsPerStage.join(", ")}] steps for ${numStages} stages; every stage needs 1 or more`,
    );
  const most = spentOf(new Array<Level>(numStages).fill(maxLevel), space);
  if (!(Number.isInteger(budget) && budget >= 0 && budget <= most))
    throw new StudioError(
      "budget-unreachable",
      `${where}: a budget of ${budget} levels; ${numStages} stages of 0 … ${maxLevel} hold 0 … ${most}${stepsPerStage ? " over their steps" : ""}`,
      { budget, numStages, maxLevel },
    );
}

/** @throws invalid-input unless these levels lie in the space */
export function checkMember(where: string, levels: readonly Level[], space: LevelSpace): void {
  checkLevels(where, levels, space.numStages, space.maxLevel);
  if (keepsBudget(levels, space)) return;
  const over = space.stepsPerStage ? " over steps" : "";
  throw new StudioError(
    "invalid-input",
    `${where}: [${levels.join(", ")}] sums to ${spentOf(levels, space)}${over}; the budget is ${space.budget}`,
  );
}
