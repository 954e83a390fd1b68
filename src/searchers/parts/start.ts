// The schedules that a search begins with (Diff-ES §3.2): uniform, given ones, every pattern, random ones.

import { nearestNew } from "../../core/moves.ts";
import { gammaLevels, patternLevels, patternNames, uniformLevels } from "../../core/patterns.ts";
import type { Stream } from "../../core/rng.ts";
import { scheduleKey } from "../../core/schedule.ts";
import { checkMember, checkSpace, type LevelSpace } from "../../core/space.ts";
import type { Level } from "../../core/tensor.ts";
import type { Candidate } from "../searcher.ts";

type Schedules = readonly (readonly Level[])[];

/** @throws budget-unreachable, invalid-input unless there is such a space and the `warm` schedules lie in it */
export function checkStart(name: string, space: LevelSpace, warm: Schedules): void {
  checkSpace(name, space);
  for (const levels of warm) checkMember(`${name}: warm start`, levels, space);
}

/** Uniform, then the `warm` ones. */
export function uniformAnd(space: LevelSpace, warm: Schedules): Candidate[] {
  return [
    { levels: uniformLevels(space), origin: { kind: "uniform" } },
    ...warm.map((levels) => ({ levels, origin: { kind: "warm" } })),
  ];
}

export function patterns(space: LevelSpace): Candidate[] {
  return patternNames.map((kind) => ({
    levels: patternLevels(kind, space, "largest-remainder"),
    origin: { kind },
  }));
}

/**
 * `count` random schedules that are neither in `taken` nor equal, or as many as the space holds; in a space that is
 * nearly used up, those nearest to what is taken.
 */
export function randomStarts(
  space: LevelSpace,
  count: number,
  taken: Schedules,
  maxMove: number,
  random: Stream,
): Candidate[] {
  const found = new Map(taken.map((levels) => [scheduleKey(levels), levels]));
  const size = found.size + count;
  const born: Candidate[] = [];
  const add = (levels: readonly Level[]) => {
    const key = scheduleKey(levels);
    if (found.has(key)) return;
    found.set(key, levels);
    born.push({ levels, origin: { kind: "random" } });
  };
  for (let tries = 50 * size; tries > 0 && found.size < size; tries--) add(gammaLevels(random, space));
  while (found.size < size) {
    const fresh = nearestNew([...found.values()], found, space, maxMove, random);
    if (!fresh) break;
    add(fresh.levels);
  }
  return born;
}

/** The first `size` of known schedules, each once, filled up with random ones. */
export function filled(
  known: readonly Candidate[],
  size: number,
  space: LevelSpace,
  maxMove: number,
  random: Stream,
): Candidate[] {
  const first = distinct(known).slice(0, size);
  const taken = first.map(({ levels }) => levels);
  return [...first, ...randomStarts(space, size - first.length, taken, maxMove, random)];
}

/** The first of equal schedules. */
export function distinct(candidates: readonly Candidate[]): Candidate[] {
  const found = new Map<string, Candidate>();
  for (const candidate of candidates) {
    const key = scheduleKey(candidate.levels);
    if (!found.has(key)) found.set(key, candidate);
  }
  return [...found.values()];
}
