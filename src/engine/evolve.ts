// The search loop: asks a searcher for schedules, scores those that nobody has scored, and tells it. A run that was
// killed is the same loop again: what its journal holds is told without being scored.

import type { Level } from "../core/tensor.ts";
import { sha256 } from "../formats/hash.ts";
import type { Candidate, Search } from "../searchers/searcher.ts";
import type { On, Reuse, RoutedSchedule, ScoredSchedule, SearchEvent } from "./api.ts";
import type { Scored } from "./fitness.ts";
import type { Journal } from "./journal.ts";
import type { SearchTools } from "./search.ts";
import { Stopwatch } from "./stopwatch.ts";

export interface GenerationRecord {
  /** Best first. */
  readonly population: readonly ScoredSchedule[];
  readonly survivors: number;
}

/** A stretch of a search under one seed and one set of options. */
export interface Course {
  /** Generations after which the next course takes over. */
  readonly until: number;
  /** @param snapshot of the course before */
  start(snapshot: unknown): Search;
}

export interface Evolution {
  readonly journal: Journal;
  readonly tools: Pick<SearchTools, "now" | "exclusive" | "hold">;
  readonly on: On<SearchEvent>;
  readonly signal: AbortSignal;
  readonly score: (levels: readonly Level[]) => Promise<Scored>;
  readonly routed: (levels: readonly Level[]) => RoutedSchedule;
}

export interface Evolved {
  readonly generations: readonly GenerationRecord[];
  /** All evaluated candidates in the order of asking: what the history hash covers. */
  readonly history: readonly { readonly levels: readonly Level[]; readonly fitness: number }[];
  readonly reuse: Reuse;
}

/**
 * Asks, scores and tells, course after course, until the last searcher is done.
 * @param total evaluations of the whole search, about: for progress
 */
export async function evolve(courses: readonly Course[], total: number, run: Evolution): Promise<Evolved> {
  const { journal, tools, on, signal } = run;
  const generations: GenerationRecord[] = [];
  const history: Evolved["history"][number][] = [];
  const watch = new Stopwatch(tools.now);
  let scored = 0;
  let reuse: Reuse = { found: 0, prefixes: 0, calls: { run: 0, saved: 0 } };
  let best: ScoredSchedule | undefined;
  let announced: ScoredSchedule | undefined;
  const announce = () => {
    if (!best || best === announced) return;
    announced = best;
    on({ type: "best", generation: generations.length, best, schedule: run.routed(best.levels) });
  };

  /** A candidate's fitness, found or made. */
  const fitnessOf = async ({ levels }: Candidate): Promise<number> => {
    await tools.hold(signal);
    const known = await journal.find(levels);
    if (known) {
      reuse = { ...reuse, found: reuse.found + 1 };
      return known.fitness;
    }
    announce(); // what was replayed
    const { fitness, calls } = await journal.add(levels, await tools.exclusive(() => run.score(levels)));
    reuse = {
      ...reuse,
      prefixes: reuse.prefixes + Number(calls.saved > 0),
      calls: { run: reuse.calls.run + calls.run, saved: reuse.calls.saved + calls.saved },
    };
    return fitness;
  };

  let rounds = 0;
  /** Asks, scores, tells and writes down. */
  const playRound = async (search: Search): Promise<void> => {
    const injections = await journal.injections(rounds);
    const injected = injections.filter((levels) => search.inject(levels));
    const asked = search.ask();
    const generation = generations.length;
    const fitness = new Map<Candidate, number>();
    for (const candidate of neighboursTogether(asked)) {
      const value = await fitnessOf(candidate);
      const member = { ...candidate, fitness: value };
      fitness.set(candidate, value);
      scored++;
      if (!candidate.partial && (!best || value > best.fitness)) best = member;
      if (journal.replays(candidate.levels)) continue;
      on({ type: "candidate", generation, candidate: member, reuse });
      announce();
      const left = watch.left((scored - reuse.found) / Math.max(1, total - reuse.found));
      const label = labelOf(generation, fitness.size, asked.length, candidate);
      on({ type: "progress", phase: "search", label, done: scored, total, left });
    }
    const told = asked.map((candidate) => ({ levels: candidate.levels, fitness: fitness.get(candidate) as number }));
    history.push(...told);
    const finished = search.tell(told.map((candidate) => candidate.fitness));
    if (finished) generations.push({ population: finished.population, survivors: finished.survivors });
    await journal.round(rounds++, asked, { injected, generation: finished !== undefined });
    if (finished) on({ type: "generation", generation, ...(generations[generation] as GenerationRecord) });
  };

  let search: Search | undefined;
  for (const { until, start } of courses) {
    search = start(search?.snapshot());
    while (!search.done && generations.length < until) await playRound(search);
  }
  announce();
  return { generations, history, reuse };
}

/** SHA-256 over levels and fitness bits of all candidates in the order of asking. */
export function historyHash(history: Evolved["history"]): string {
  const parts = history.map(({ levels, fitness }) => {
    const bytes = new DataView(new ArrayBuffer(levels.length * 4 + 8));
    levels.forEach((level, index) => {
      bytes.setInt32(4 * index, level, true);
    });
    bytes.setFloat64(4 * levels.length, fitness, true);
    return new Uint8Array(bytes.buffer);
  });
  return sha256(parts);
}

/**
 * Schedules that begin alike one after the other: then what they share is still at hand. Their scores do not depend on it,
 * and are told in the order of asking.
 */
function neighboursTogether(asked: readonly Candidate[]): readonly Candidate[] {
  return asked.toSorted((a, b) => {
    const differing = a.levels.findIndex((level, stage) => level !== b.levels[stage]);
    return differing < 0 ? 0 : (a.levels[differing] as Level) - (b.levels[differing] as Level);
  });
}

function labelOf(generation: number, place: number, count: number, { partial }: Candidate): string {
  return `${partial ? "Evidence" : `Generation ${generation}`}: candidate ${place} of ${count}`;
}
