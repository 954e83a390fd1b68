// The level switch: some levels go from one stage to another, so the budget stays (Diff-ES §3.2). What a searcher
// does with moves is its own business.

import type { LevelSpace } from "./patterns.ts";
import type { Stream } from "./rng.ts";
import { scheduleKey } from "./schedule.ts";
import type { Level, StageIndex } from "./tensor.ts";

export interface Move {
  readonly from: StageIndex;
  readonly to: StageIndex;
  /** How many, at least 1. */
  readonly levels: number;
}

export function moved(levels: readonly Level[], move: Move): Level[] {
  return levels.map((level, stage) =>
    stage === move.from ? level - move.levels : stage === move.to ? level + move.levels : level,
  );
}

/** The most levels that can go from one stage to another. */
function room(levels: readonly Level[], from: StageIndex, to: StageIndex, maxLevel: Level): number {
  return from === to ? 0 : Math.min(levels[from] as Level, maxLevel - (levels[to] as Level));
}

/**
 * One or more random moves, one after the other. As in the authors' code: the number of moves is the smaller of two
 * draws from 1 … `mutations`, a pair that cannot move is drawn again, and a move of 1 … `maxMove` levels is cut to
 * the room there is. No moves when none was found in 32 draws each.
 */
export function randomMoves(
  levels: readonly Level[],
  { numStages, maxLevel }: LevelSpace,
  { mutations, maxMove }: { readonly mutations: number; readonly maxMove: number },
  random: Stream,
): Move[] {
  const wanted = Math.min(random.integer(1, mutations), random.integer(1, mutations));
  const moves: Move[] = [];
  let current = levels;
  for (let trial = 0; trial < 32 * wanted && moves.length < wanted && numStages > 1; trial++) {
    const from = random.below(numStages);
    const other = random.below(numStages - 1);
    const to = other < from ? other : other + 1;
    const most = room(current, from, to, maxLevel);
    if (most === 0) continue;
    const move = { from, to, levels: Math.min(most, random.integer(1, maxMove)) };
    current = moved(current, move);
    moves.push(move);
  }
  return moves;
}

/**
 * A schedule that is not `taken`, as few moves from `roots` as possible, with the schedule one move before it.
 * Moves connect the whole space, so undefined means that every schedule is taken.
 */
export function nearestNew(
  roots: readonly (readonly Level[])[],
  taken: { has(key: string): boolean },
  { numStages, maxLevel }: LevelSpace,
  maxMove: number,
  random: Stream,
): { readonly levels: readonly Level[]; readonly parent: readonly Level[]; readonly move: Move } | undefined {
  const queue = random.shuffle(roots);
  const queued = new Set(queue.map(scheduleKey));
  const stages = random.shuffle([...new Array<StageIndex>(numStages).keys()]);
  for (const parent of queue) {
    for (const from of stages)
      for (const to of stages)
        for (let amount = Math.min(maxMove, room(parent, from, to, maxLevel)); amount > 0; amount--) {
          const move = { from, to, levels: amount };
          const levels = moved(parent, move);
          const key = scheduleKey(levels);
          if (!taken.has(key)) return { levels, parent, move };
          if (!queued.has(key)) queue.push(levels); // the outer loop goes on to what is pushed
          queued.add(key);
        }
  }
  return undefined;
}
