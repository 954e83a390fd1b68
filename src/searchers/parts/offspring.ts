// Children of survivors: copies in which some levels moved from one stage to another (Diff-ES §3.2).

import { lossOf, type StageLosses } from "../../core/additive.ts";
import { type Move, moved, nearestNew, randomMoves } from "../../core/moves.ts";
import type { Stream } from "../../core/rng.ts";
import { scheduleKey } from "../../core/schedule.ts";
import type { LevelSpace } from "../../core/space.ts";
import type { Level } from "../../core/tensor.ts";
import type { Candidate, Member } from "../searcher.ts";

export interface Mutation {
  /** Moves per child, at most. */
  readonly mutations: number;
  /** Levels per move, at most. */
  readonly maxMove: number;
}

/** Choice before scoring: of so many mutants the one that a model expects least loss of becomes the child. */
export interface Screen {
  readonly mutants: number;
  /** A model for one child. */
  readonly losses: () => StageLosses;
}

/** A child one or more moves away; a copy of the parent without moves. */
export function childOf(parent: readonly Level[], moves: readonly Move[]): Candidate {
  const [move, ...more] = moves;
  const origin = { kind: "mutation", parent };
  return {
    levels: moves.reduce(moved, [...parent]),
    origin: move && more.length === 0 ? { ...origin, move } : origin,
  };
}

/** `count` different children that were never scored, or as many as the space still holds. */
export function newChildren(
  count: number,
  parents: readonly Pick<Member, "levels">[],
  scored: { has(key: string): boolean },
  space: LevelSpace,
  mutation: Mutation,
  random: Stream,
  screen?: Screen,
): Candidate[] {
  const born = new Map<string, Candidate>();
  const taken = { has: (key: string) => scored.has(key) || born.has(key) };
  const mutant = (): Candidate | undefined => {
    for (let tries = 64; tries > 0; tries--) {
      const { levels } = parents[random.below(parents.length)] as Pick<Member, "levels">;
      const child = childOf(levels, randomMoves(levels, space, mutation, random));
      if (!taken.has(scheduleKey(child.levels))) return child;
    }
    const roots = parents.map(({ levels }) => levels);
    const fresh = nearestNew(roots, taken, space, mutation.maxMove, random);
    return fresh && childOf(fresh.parent, [fresh.move]);
  };
  const chosen = (): Candidate | undefined => {
    if (!screen) return mutant();
    const losses = screen.losses();
    const drawn = Array.from({ length: screen.mutants }, mutant).filter((child) => child !== undefined);
    const expected = drawn.map(({ levels }) => lossOf(levels, losses));
    return drawn[expected.indexOf(Math.min(...expected))];
  };
  while (born.size < count) {
    const child = chosen();
    if (!child) break; // every schedule there is has been scored
    born.set(scheduleKey(child.levels), child);
  }
  return [...born.values()];
}
