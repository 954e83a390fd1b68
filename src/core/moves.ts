// The level switch: some levels go from one stage to another, so the budget stays (Diff-ES §3.2). What a searcher
// does with moves is its own business.

import type { Choices, Stream } from "./rng.ts";
import { scheduleKey } from "./schedule.ts";
import { type LevelSpace, spentOf, stepsOf, toleranceOf } from "./space.ts";
import type { Level, StageIndex } from "./tensor.ts";

export interface Move {
  readonly from: StageIndex;
  readonly to: StageIndex;
  /** How many `from` loses, at least 1. */
  readonly levels: number;
  /** How many `to` gains: as many, unless the budget counts steps and the stages differ in them. */
  readonly gained: number;
}

export function moved(levels: readonly Level[], { from, to, levels: lost, gained }: Move): Level[] {
  return levels.map((level, stage) => (stage === from ? level - lost : stage === to ? level + gained : level));
}

/** A stage whose level is another one than before, and by how much. */
export interface Change {
  readonly stage: StageIndex;
  readonly by: number;
}

/** Where two schedules of the same stages differ, in sampling order. */
export function changesBetween(before: readonly Level[], after: readonly Level[]): Change[] {
  return after.flatMap((level, stage) => {
    const by = level - (before[stage] as Level);
    return by === 0 ? [] : [{ stage, by }];
  });
}

/** Moves from one stage to another that keep budget and bounds: 1 … `maxMove` levels, rising. */
function movesBetween(
  levels: readonly Level[],
  from: StageIndex,
  to: StageIndex,
  space: LevelSpace,
  maxMove: number,
): Move[] {
  const most = from === to ? 0 : Math.min(maxMove, levels[from] as Level);
  const free = space.maxLevel - (levels[to] as Level);
  const moves: Move[] = [];
  if (!space.stepsPerStage) {
    for (let lost = 1; lost <= Math.min(most, free); lost++) moves.push({ from, to, levels: lost, gained: lost });
    return moves;
  }
  const [each, cost] = [stepsOf(space, from), stepsOf(space, to)];
  const slack = space.budget - spentOf(levels, space);
  for (let lost = 1; lost <= most; lost++) {
    const spare = slack + lost * each;
    const gained = Math.min(free, Math.round(spare / cost));
    if (gained >= 1 && Math.abs(spare - gained * cost) <= toleranceOf(space))
      moves.push({ from, to, levels: lost, gained });
  }
  return moves;
}

/** The smallest move between every two stages that have one: one level, where levels count. */
export function smallestMoves(levels: readonly Level[], space: LevelSpace): Move[] {
  return levels.flatMap((_, from) =>
    levels.flatMap((_, to) => movesBetween(levels, from, to, space, space.maxLevel).slice(0, 1)),
  );
}

/**
 * One or more random moves, one after the other. As in the authors' code: the number of moves is the smaller of two
 * draws from 1 … `mutations`, a pair that cannot move is drawn again, and a move of 1 … `maxMove` levels is cut to
 * the room there is. No moves when none was found in 32 draws each.
 */
export function randomMoves(
  levels: readonly Level[],
  space: LevelSpace,
  { mutations, maxMove }: { readonly mutations: number; readonly maxMove: number },
  random: Pick<Choices, "integer" | "pair">,
): Move[] {
  const wanted = Math.min(random.integer(1, mutations), random.integer(1, mutations));
  const moves: Move[] = [];
  let current = levels;
  for (let trial = 0; trial < 32 * wanted && moves.length < wanted && space.numStages > 1; trial++) {
    const [from, to] = random.pair(space.numStages);
    const possible = movesBetween(current, from, to, space, maxMove);
    if (possible.length === 0) continue;
    const drawn = random.integer(1, maxMove);
    const move = possible.findLast((move) => move.levels <= drawn) ?? (possible[0] as Move);
    current = moved(current, move);
    moves.push(move);
  }
  return moves;
}

/**
 * A schedule that is not `taken`, as few moves from `roots` as possible, with the schedule one move before it.
 * Where levels count, moves connect the whole space: undefined means that every schedule is taken.
 */
export function nearestNew(
  roots: readonly (readonly Level[])[],
  taken: { has(key: string): boolean },
  space: LevelSpace,
  maxMove: number,
  random: Stream,
): { readonly levels: readonly Level[]; readonly parent: readonly Level[]; readonly move: Move } | undefined {
  const queue = random.shuffle(roots);
  const queued = new Set(queue.map(scheduleKey));
  const stages = random.shuffle([...new Array<StageIndex>(space.numStages).keys()]);
  for (const parent of queue) {
    for (const from of stages)
      for (const to of stages)
        for (const move of movesBetween(parent, from, to, space, maxMove).reverse()) {
          const levels = moved(parent, move);
          const key = scheduleKey(levels);
          if (!taken.has(key)) return { levels, parent, move };
          if (!queued.has(key)) queue.push(levels); // the outer loop goes on to what is pushed
          queued.add(key);
        }
  }
  return undefined;
}
