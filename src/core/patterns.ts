// Schedules that exist before any search: the starting patterns of the population (Diff-ES §3.2), random ones,
// and the MosaicDiff baseline with its projection onto other stages. Every function returns levels in sampling
// order. Pattern names keep the meaning they have in the reference, whose index 0 is the lowest timesteps:
// "front" prunes the end of sampling.

import { StudioError } from "./errors.ts";
import { exp } from "./math.ts";
import type { Exponentials } from "./rng.ts";
import { type Division, reversed, type Schedule, type TimestepRange } from "./schedule.ts";
import { type LevelSpace, spentOf, stepsOf } from "./space.ts";
import type { Level, Ratio, StageIndex } from "./tensor.ts";

/**
 * How shares become integers. "reference" repeats the authors' code: levels alone count, and the whole remainder falls
 * on one stage.
 */
export type Rounding = "largest-remainder" | "reference";

/** Weight of stage s of S, in the reference's numbering. */
const shapes = {
  front: (s: number, S: number) => S - s,
  back: (s: number) => s + 1,
  middle: (s: number, S: number) => bump(s, S, 4),
  ramp_up: (s: number) => s + 1,
  ramp_down: (s: number, S: number) => S - s,
  zigzag: (s: number) => (s % 2 === 0 ? 1.2 : 0.8),
  // the highest sample of the bump lies at the middle stage
  ends: (s: number, S: number) => bump(Math.floor((S - 1) / 2), S, 3.5) - bump(s, S, 3.5) + 1e-6,
} satisfies Record<string, (s: number, S: number) => number>;

function bump(s: number, S: number, narrow: number): number {
  const z = (s - (S - 1) / 2) / Math.max(1, S / narrow);
  return exp(-0.5 * z * z);
}

export type PatternName = keyof typeof shapes;
/** In the order in which a population takes them. */
export const patternNames = Object.keys(shapes) as readonly PatternName[];

/** A starting pattern, split in the reference's numbering. At most numStages * maxLevel levels can be placed. */
export function patternLevels(name: PatternName, space: LevelSpace, rounding: Rounding): Level[] {
  const { numStages, stepsPerStage } = space;
  const weights = Array.from({ length: numStages }, (_, s) => shapes[name](s, numStages));
  const mirrored = stepsPerStage ? { ...space, stepsPerStage: reversed(stepsPerStage) } : space;
  return reversed(rounded(weights, mirrored, rounding));
}

/** The same level everywhere, as far as the budget divides. */
export function uniformLevels(space: LevelSpace): Level[] {
  return apportion(new Array<number>(space.numStages).fill(1), space);
}

/** Independent Exponential(1) weights: every split of the budget is equally likely before rounding. */
export function gammaLevels(
  random: Exponentials,
  space: LevelSpace,
  rounding: Rounding = "largest-remainder",
): Level[] {
  const weights = Array.from({ length: space.numStages }, () => random.exponential());
  const levels = rounded(weights, space, rounding);
  return rounding === "reference" ? reversed(levels) : levels; // the authors draw for the lowest timesteps first
}

function rounded(weights: readonly number[], space: LevelSpace, rounding: Rounding): Level[] {
  return rounding === "reference" ? dump(weights, space) : apportion(weights, space);
}

/**
 * Splits the budget in proportion to `weights` by largest remainders; what a full stage cannot take goes to the
 * others in proportion. Ties go to the earlier stage. Where steps count, a level is added when that comes nearer to
 * the budget.
 */
export function apportion(weights: readonly number[], space: LevelSpace): Level[] {
  const { numStages, maxLevel, budget } = space;
  const quotas = new Array<number>(numStages).fill(0);
  let open = [...quotas.keys()];
  for (let left = budget; open.length > 0; ) {
    const sum = (of: (s: number) => number) => open.reduce((total, s) => total + stepsOf(space, s) * of(s), 0);
    const total = sum((s) => weights[s] as number);
    const even = left / sum(() => 1);
    for (const s of open) quotas[s] = total > 0 ? ((weights[s] as number) / total) * left : even;
    const full = open.filter((s) => (quotas[s] as number) >= maxLevel);
    if (full.length === 0) break;
    for (const s of full) {
      quotas[s] = maxLevel;
      left -= stepsOf(space, s) * maxLevel;
    }
    open = open.filter((s) => !full.includes(s));
  }
  const levels = quotas.map(Math.floor);
  const remainder = (s: number) => (quotas[s] as number) - (levels[s] as number);
  let short = budget - spentOf(levels, space);
  for (const s of open.toSorted((a, b) => remainder(b) - remainder(a))) {
    if (short <= stepsOf(space, s) / 2) continue;
    levels[s] = (levels[s] as number) + 1;
    short -= stepsOf(space, s);
  }
  return levels;
}

/** The authors' rounding: floor, then all that is missing into the stage with most room, then the next. */
function dump(weights: readonly number[], { maxLevel, budget }: LevelSpace): Level[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0) + 1e-12;
  const levels = weights.map((weight) => Math.min(maxLevel, Math.floor((weight / total) * budget + 1e-6)));
  let missing = budget - levels.reduce((sum, level) => sum + level, 0);
  const order = [...levels.keys()].sort((a, b) => (levels[a] as number) - (levels[b] as number));
  for (const s of order) {
    const move = Math.min(missing, maxLevel - (levels[s] as number));
    levels[s] = (levels[s] as number) + move;
    missing -= move;
  }
  return levels;
}

/** MosaicDiff's mean stage scores, normalised: how much each stage learns per timestep (arXiv 2603.05105 compares with it). */
const scores = { begin: 0.192, middle: 0.835, end: 0.276 };

/**
 * MosaicDiff's baseline on its three stages [begin, middle, end]: sparsity in proportion to 1 - score, so begin >=
 * end >= middle. Among integer levels the budget comes first, because a baseline that prunes less would win for
 * that reason: the smallest difference from `target` over visited steps, then the nearest to the exact shape.
 */
export function mosaicLevels(target: Ratio, maxLevel: Level, stepsPerStage: readonly number[]): Level[] {
  const [first, second, third] = stepsPerStage as readonly [number, number, number];
  const shares = [1 - scores.begin, 1 - scores.middle, 1 - scores.end] as const;
  const total = target * maxLevel * (first + second + third);
  const scale = total / (first * shares[0] + second * shares[1] + third * shares[2]);
  const distance = (level: number, stage: 0 | 1 | 2) => {
    const off = level - shares[stage] * scale;
    return off * off;
  };
  let best: { levels: Level[]; miss: number; far: number } | undefined;
  for (let begin = 0; begin <= maxLevel; begin++)
    for (let end = 0; end <= begin; end++)
      for (let middle = 0; middle <= end; middle++) {
        // a rounding error of `total` must not separate two equally good sums
        const miss = Math.max(0, Math.abs(first * begin + second * middle + third * end - total) - 1e-9);
        const far = first * distance(begin, 0) + second * distance(middle, 1) + third * distance(end, 2);
        if (!best || miss < best.miss || (miss === best.miss && far < best.far))
          best = { levels: [begin, middle, end], miss, far };
      }
  return (best as { levels: Level[] }).levels;
}

/**
 * A schedule of one division on the stages of another: the mean level over each stage's steps, rounded to the
 * exact budget. This is how MosaicDiff's three stages become a starting point of the search.
 */
export function projectBySteps(
  levels: readonly Level[],
  stepStagesFrom: readonly StageIndex[],
  stepStagesTo: readonly StageIndex[],
  space: LevelSpace,
): Level[] {
  const sums = new Array<number>(space.numStages).fill(0);
  const steps = new Array<number>(space.numStages).fill(0);
  for (const [i, stage] of stepStagesTo.entries()) {
    sums[stage] = (sums[stage] as number) + (levels[stepStagesFrom[i] as number] as number);
    steps[stage] = (steps[stage] as number) + 1;
  }
  return apportion(
    sums.map((sum, stage) => sum / Math.max(1, steps[stage] as number)),
    space,
  );
}

/**
 * A schedule of one division on the stages of another: the mean level over the timesteps that each stage shares with the
 * old ones, scaled and rounded to the budget. How an earlier search with another number of stages becomes a start.
 * @throws invalid-input unless the schedule has one level for each stage and covers all timesteps of `division`
 */
export function resampleLevels({ division: from, levels }: Schedule, division: Division, space: LevelSpace): Level[] {
  const covered = (stages: Division) => `${stages[0]?.high} … ${stages.at(-1)?.low}`;
  if (levels.length !== from.length || covered(from) !== covered(division))
    throw new StudioError(
      "invalid-input",
      `resample: ${levels.length} levels for ${from.length} stages of timesteps ${covered(from)}; every timestep of ${covered(division)} needs one`,
    );
  const shared = (a: TimestepRange, b: TimestepRange) =>
    Math.max(0, Math.min(a.high, b.high) - Math.max(a.low, b.low) + 1);
  const means = division.map((stage) => {
    const sum = from.reduce((total, old, s) => total + shared(stage, old) * (levels[s] as number), 0);
    return sum / (stage.high - stage.low + 1);
  });
  return apportion(means, space);
}
