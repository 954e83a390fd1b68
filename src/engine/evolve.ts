// The search loop: asks a searcher for schedules, scores those that nobody has scored, and tells it. A run that was
// killed is the same loop again: what its journal holds is told without being scored.

import type { Part } from "../core/racing.ts";
import type { Level, Milliseconds } from "../core/tensor.ts";
import { sha256 } from "../formats/hash.ts";
import type { Candidate, Evaluated, Search } from "../searchers/searcher.ts";
import type { On, Reuse, RoutedSchedule, ScoredSchedule, SearchEvent, SearchRequest } from "./api.ts";
import type { Evaluation } from "./evaluations.ts";
import type { Scored } from "./fitness.ts";
import type { Journal } from "./journal.ts";
import { callsOf, type GenerationRecord, type Outcome, playRound, type Scoring } from "./round.ts";
import type { SearchTools } from "./search.ts";
import { Stopwatch } from "./stopwatch.ts";

/** A stretch of a search under one seed and one set of options. */
export interface Course {
  /** Generations after which the next course takes over. */
  readonly until: number;
  /** @param snapshot of the course before */
  start(snapshot: unknown): Search;
}

export interface Evolution {
  readonly request: Pick<SearchRequest, "probes" | "racing">;
  readonly journal: Journal;
  readonly tools: Pick<SearchTools, "now" | "exclusive" | "hold">;
  readonly on: On<SearchEvent>;
  readonly signal: AbortSignal;
  readonly score: (levels: readonly Level[], part?: Part) => Promise<Scored>;
  readonly routed: (levels: readonly Level[]) => RoutedSchedule;
}

export interface Evolved {
  readonly generations: readonly GenerationRecord[];
  /** All evaluated candidates in the order of asking: what the history hash covers. */
  readonly history: readonly Outcome[];
  readonly reuse: Reuse;
  /** What it took beside sampling, scoring and storing candidates; pauses do not count. */
  readonly overhead: Milliseconds;
}

/**
 * Asks, scores and tells, course after course, until the last searcher is done.
 * @param total evaluations of the whole search, about: for progress
 */
export async function evolve(courses: readonly Course[], total: number, run: Evolution): Promise<Evolved> {
  const { request, journal, tools, on, signal } = run;
  const generations: GenerationRecord[] = [];
  const history: Outcome[] = [];
  const watch = new Stopwatch(tools.now);
  const begun = tools.now();
  let elsewhere: Milliseconds = 0;
  let scored = 0;
  let reuse: Reuse = { found: 0, prefixes: 0, calls: { run: 0, saved: 0 } };
  let best: ScoredSchedule | undefined;
  let announced: ScoredSchedule | undefined;
  const announce = () => {
    if (!best || best === announced) return;
    announced = best;
    on({ type: "best", generation: generations.length, best, schedule: run.routed(best.levels) });
  };

  /** Work whose time is not the loop's own. */
  const apart = async <T>(work: () => Promise<T>): Promise<T> => {
    const since = tools.now();
    const result = await work();
    elsewhere += tools.now() - since;
    return result;
  };

  /** Of this life; others were found. */
  const made = new Set<Evaluation>();
  const score: Scoring["score"] = async (levels, part) => {
    await apart(() => tools.hold(signal));
    const known = await journal.find(levels, part);
    if (known) return known;
    announce(); // what was replayed
    const evaluation = await apart(async () =>
      journal.add(levels, await tools.exclusive(() => run.score(levels, part)), part),
    );
    made.add(evaluation);
    if (part) progress(`Generation ${generations.length}: ${racedOn(part, request)}`);
    return evaluation;
  };
  const progress = (label: string) => {
    const left = watch.left((scored - reuse.found) / Math.max(1, total - reuse.found));
    on({ type: "progress", phase: "search", label, done: scored, total, left });
  };

  let rounds = 0;
  /** Asks, scores, tells and writes down. */
  const play = async (search: Search): Promise<void> => {
    const injections = await journal.injections(rounds);
    const injected = injections.filter((levels) => search.inject(levels));
    const [index, count, before] = [generations.length, search.ask().length, scored];
    const { outcomes, generation } = await playRound(search, generations.at(-1), { request, score }, (outcome) => {
      const { candidate, fitness, stopped, evaluations } = outcome;
      scored++;
      const fresh = evaluations.filter((evaluation) => made.has(evaluation));
      reuse = counted(reuse, fresh, request.probes);
      const member = { ...candidate, fitness, ...(stopped && { stopped }) };
      if (!candidate.partial && !stopped && (!best || fitness > best.fitness)) best = member;
      if (evaluations.every((evaluation) => journal.replays(evaluation))) return;
      on({ type: "candidate", generation: index, candidate: member, reuse });
      announce();
      progress(labelOf(index, scored - before, count, candidate));
    });
    history.push(...outcomes);
    if (generation) generations.push(generation);
    const told = outcomes.flatMap(({ evaluations }) => evaluations.map(({ address }) => address));
    await journal.round(rounds++, { told, injected, generation: generation !== undefined });
    if (generation) on({ type: "generation", generation: index, ...generation });
  };

  let search: Search | undefined;
  for (const { until, start } of courses) {
    search = start(search?.snapshot());
    while (!search.done && generations.length < until) await play(search);
  }
  announce();
  return { generations, history, reuse, overhead: tools.now() - begun - elsewhere };
}

/** SHA-256 over levels and fitness bits of all candidates in the order of asking. */
export function historyHash(history: readonly Evaluated[]): string {
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

/** One candidate more, of whose evaluations these were made now. */
function counted({ found, prefixes, calls }: Reuse, made: readonly Evaluation[], pictures: number): Reuse {
  if (made.length === 0) return { found: found + 1, prefixes, calls };
  const { run, saved } = callsOf(made, pictures);
  return {
    found,
    prefixes: prefixes + Number(saved > 0),
    calls: { run: calls.run + run, saved: calls.saved + saved },
  };
}

function labelOf(generation: number, place: number, count: number, { partial }: Candidate): string {
  return `${partial ? "Evidence" : `Generation ${generation}`}: candidate ${place} of ${count}`;
}

function racedOn({ first, count }: Part, { probes }: Evolution["request"]): string {
  return `racing on pictures ${first + 1} to ${first + count} of ${probes}`;
}
