// Where a schedule came from: its chain of parents back to one that had none.

import { type Change, changesBetween } from "../core/moves.ts";
import { scheduleKey } from "../core/schedule.ts";
import type { Candidate } from "./candidates.ts";

export interface Ancestor {
  readonly candidate: Candidate;
  /** What it changed of the one before; empty for the first. */
  readonly changes: readonly Change[];
  /** Fitness above the one before; undefined for the first. */
  readonly gain: number | undefined;
}

/**
 * From the founder to the schedule itself; empty when it is no candidate. A child is born after its parent, so the chain
 * ends: copies count as the first of their kind.
 */
export function ancestryOf(key: string, candidates: readonly Candidate[]): Ancestor[] {
  const byKey = new Map(candidates.map((candidate) => [candidate.key, candidate]));
  const chain: Candidate[] = [];
  for (let next = byKey.get(key); next; next = parentOf(next, byKey)) chain.unshift(next);
  return chain.map((candidate, i) => {
    const before = chain[i - 1];
    return {
      candidate,
      changes: before ? changesBetween(before.levels, candidate.levels) : [],
      gain: before && candidate.fitness - before.fitness,
    };
  });
}

/** Undefined for a founder, and where a run's record begins after the parent. */
function parentOf({ origin, generation }: Candidate, byKey: ReadonlyMap<string, Candidate>): Candidate | undefined {
  const parent = origin.parent && byKey.get(scheduleKey(origin.parent));
  return parent && parent.generation < generation ? parent : undefined;
}
