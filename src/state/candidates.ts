// Every schedule that a run has scored, each once, and the ways to look through them.

import { scheduleKey } from "../core/schedule.ts";
import type { Level } from "../core/tensor.ts";
import type { ScoredSchedule, SearchResult } from "../engine/api.ts";

export interface Candidate extends ScoredSchedule {
  readonly key: string;
  /** Generation that first had it; 0 is the initial population. */
  readonly generation: number;
  /** Generations that it has been part of: survivors live on. */
  readonly lived: number;
  /** By fitness among all, 1 is the fittest; among equals the older one; those that racing stopped come last. */
  readonly rank: number;
}

/** In the order of birth; of a generation the fittest first. */
export function candidatesOf(generations: SearchResult["generations"]): Candidate[] {
  const found = new Map<string, Omit<Candidate, "rank">>();
  for (const [generation, { population }] of generations.entries())
    for (const scored of population) {
      const key = scheduleKey(scored.levels);
      const known = found.get(key);
      found.set(
        key,
        known ? { ...known, lived: generation - known.generation + 1 } : { ...scored, key, generation, lived: 1 },
      );
    }
  const all = [...found.values()];
  const ranked = new Map(
    [...all].sort(byFitness).map(({ key }, index) => [key, index + 1]), // stable
  );
  return all.map((candidate) => ({ ...candidate, rank: ranked.get(candidate.key) as number }));
}

function byFitness(a: ScoredSchedule, b: ScoredSchedule): number {
  return Number(a.stopped ?? false) - Number(b.stopped ?? false) || b.fitness - a.fitness;
}

export const sortKeys = ["rank", "generation", "lived", "validation", "origin"] as const;
export type SortKey = (typeof sortKeys)[number];

/** What is asked of the list. */
export interface CandidateQuery {
  readonly sort: SortKey;
  readonly descending: boolean;
  /** An origin's kind; undefined is any. */
  readonly origin: string | undefined;
  /** See levelPattern. */
  readonly levels: string;
}
export const allCandidates: CandidateQuery = { sort: "rank", descending: false, origin: undefined, levels: "" };

/** @param query with a `levels` that can be read; one that cannot finds nothing */
export function arrange<C extends Candidate & { readonly validation: number | undefined }>(
  candidates: readonly C[],
  { sort, descending, origin, levels }: CandidateQuery,
): C[] {
  const pattern = levelPattern(levels);
  const chosen = candidates.filter(
    (candidate) => pattern?.(candidate.levels) && (origin === undefined || candidate.origin.kind === origin),
  );
  const sign = descending ? -1 : 1;
  // What has no value comes last, whichever way; equals stay by rank.
  return chosen.sort((a, b) => compare(sortValue(a, sort), sortValue(b, sort), sign) || a.rank - b.rank);
}

function sortValue(candidate: Candidate & { readonly validation: number | undefined }, sort: SortKey) {
  return sort === "origin" ? candidate.origin.kind : candidate[sort];
}

function compare(a: number | string | undefined, b: number | string | undefined, sign: number): number {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
  return sign * (a < b ? -1 : a > b ? 1 : 0);
}

/**
 * Whether a schedule has these levels in neighbouring stages, somewhere: "10 9 _ 6", where _ is any level. Undefined for
 * a text that is none; the empty text finds everything.
 */
export function levelPattern(text: string): ((levels: readonly Level[]) => boolean) | undefined {
  const words = text.split(/[\s,]+/).filter((word) => word !== "");
  if (!words.every((word) => /^(\d+|_)$/.test(word))) return undefined;
  const wanted = words.map((word) => (word === "_" ? undefined : Number(word)));
  return (levels) => {
    for (let at = 0; at + wanted.length <= levels.length; at++)
      if (wanted.every((level, i) => level === undefined || level === levels[at + i])) return true;
    return false;
  };
}
