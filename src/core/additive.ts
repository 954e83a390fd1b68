// Losses that add up over stages: what a schedule would cost if its stages did not interact. Under a budget its optimum
// is exact, by dynamic programming over what the remaining stages may spend, and so is the order of all schedules.

import { StudioError } from "./errors.ts";
import { priorityQueue } from "./priority-queue.ts";
import { type LevelSpace, stepsOf, toleranceOf } from "./space.ts";
import type { Level } from "./tensor.ts";

/** Loss of each level in each stage, of any sign. [numStages][maxLevel + 1] */
export type StageLosses = readonly (readonly number[])[];

export function lossOf(levels: readonly Level[], losses: StageLosses): number {
  return levels.reduce((sum, level, stage) => sum + (losses[stage]?.[level] as number), 0);
}

interface Prefix {
  readonly levels: readonly Level[];
  readonly spent: number;
  readonly loss: number;
  /** The least loss that any schedule with this beginning can have. */
  readonly least: number;
}

/**
 * The schedules of a space, the least loss first, each once: as many as are asked for. Best-first search with the exact
 * least loss of what remains, so that nothing is opened that does not lead to the next schedule.
 * @throws shape-mismatch unless there is a loss for every level of every stage
 */
export function* schedulesByLoss(losses: StageLosses, space: LevelSpace): Generator<Level[], void> {
  const { numStages, maxLevel } = space;
  if (losses.length !== numStages || losses.some((stage) => stage.length !== maxLevel + 1))
    throw new StudioError(
      "shape-mismatch",
      `additive: losses of [${losses.map((stage) => stage.length).join(", ")}] levels; ${numStages} stages of ${maxLevel + 1} are needed`,
    );
  const rest = leastLosses(losses, space);
  // Among equals the longer one: plateaus are walked, not flooded.
  const queue = priorityQueue<Prefix>((a, b) =>
    a.least === b.least ? a.levels.length > b.levels.length : a.least < b.least,
  );
  const offer = (levels: readonly Level[], spent: number, loss: number) => {
    const least = loss + (rest[levels.length]?.[spent] ?? Infinity);
    if (least < Infinity) queue.push({ levels, spent, loss, least });
  };
  offer([], 0, 0);
  for (let prefix = queue.pop(); prefix; prefix = queue.pop()) {
    const { levels, spent, loss } = prefix;
    const stage = levels.length;
    if (stage === numStages) {
      yield [...levels];
      continue;
    }
    for (let level = 0; level <= maxLevel; level++)
      offer([...levels, level], spent + level * stepsOf(space, stage), loss + (losses[stage]?.[level] as number));
  }
}

/** least[stage][spent]: of stages `stage` … after `spent`, such that the budget is kept; Infinity where it cannot be. */
function leastLosses(losses: StageLosses, space: LevelSpace): Float64Array[] {
  const { numStages, maxLevel, budget } = space;
  const tolerance = toleranceOf(space);
  const most = Math.floor(budget + tolerance);
  const least = Array.from({ length: numStages + 1 }, () => new Float64Array(most + 1).fill(Infinity));
  (least[numStages] as Float64Array).fill(0, Math.max(0, Math.ceil(budget - tolerance)));
  for (let stage = numStages - 1; stage >= 0; stage--) {
    const [here, after] = [least[stage] as Float64Array, least[stage + 1] as Float64Array];
    const steps = stepsOf(space, stage);
    for (let spent = 0; spent <= most; spent++)
      for (let level = 0; level <= maxLevel && spent + level * steps <= most; level++) {
        const loss = (losses[stage]?.[level] as number) + (after[spent + level * steps] as number);
        if (loss < (here[spent] as number)) here[spent] = loss;
      }
  }
  return least;
}
