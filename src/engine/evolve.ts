// The search loop: asks a searcher for schedules, scores those that nobody has scored, and tells it. A run that was
// killed is the same loop again: what its journal holds is told without being scored.

import type { Level } from "../core/tensor.ts";
import { sha256 } from "../formats/hash.ts";
import type { Candidate, Search } from "../searchers/searcher.ts";
import type { On, RoutedSchedule, ScoredSchedule, SearchEvent } from "./api.ts";
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
}

/**
 * Asks, scores and tells, course after course, until the last searcher is done.
 * @param total evaluations of the whole search, about: for progress
 */
export async function evolve(courses: readonly Course[], total: number, run: Evolution): Promise<Evolved> {
  const { journal, tools, on, signal } = run;
  const generations: GenerationRecord[] = [];
  const history: { levels: readonly Level[]; fitness: number }[] = [];
  const watch = new Stopwatch(tools.now);
  let found = 0;
  let best: ScoredSchedule | undefined;
  let announced: ScoredSchedule | undefined;
  const announce = () => {
    if (!best || best === announced) return;
    announced = best;
    on({ type: "best", generation: generations.length, best, schedule: run.routed(best.levels) });
  };

  /** A candidate's fitness, found or made. */
  const fitnessOf = async ({ levels }: Candidate): Promise<number> => {
    const known = await journal.find(levels);
    if (known) {
      found++;
      signal.throwIfAborted();
      return known.fitness;
    }
    announce(); // what was replayed
    await tools.hold(signal);
    return (await journal.add(levels, await tools.exclusive(() => run.score(levels)))).fitness;
  };

  let rounds = 0;
  /** Asks, scores, tells and writes down. */
  const playRound = async (search: Search): Promise<void> => {
    const injections = await journal.injections(rounds);
    const injected = injections.filter((levels) => search.inject(levels));
    const asked = search.ask();
    const generation = generations.length;
    const fitness: number[] = [];
    for (const [index, candidate] of asked.entries()) {
      const value = await fitnessOf(candidate);
      const scored = { ...candidate, fitness: value };
      fitness.push(value);
      history.push({ levels: candidate.levels, fitness: value });
      if (!candidate.partial && (!best || value > best.fitness)) best = scored;
      if (journal.replays(candidate.levels)) continue;
      on({ type: "candidate", generation, candidate: scored });
      announce();
      const left = watch.left((history.length - found) / Math.max(1, total - found));
      const label = labelOf(generation, index, asked);
      on({ type: "progress", phase: "search", label, done: history.length, total, left });
    }
    const finished = search.tell(fitness);
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
  return { generations, history };
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

function labelOf(generation: number, index: number, asked: readonly Candidate[]): string {
  const what = asked[index]?.partial ? "Evidence" : `Generation ${generation}`;
  return `${what}: candidate ${index + 1} of ${asked.length}`;
}
