// The search loop: asks a searcher for schedules, scores them, tells it, and writes down every step, so that a run that
// was killed goes on without repeating a finished candidate.

import type { Level } from "../core/tensor.ts";
import { sha256 } from "../formats/hash.ts";
import type { Candidate, Search } from "../searchers/searcher.ts";
import type { On, RoutedSchedule, SearchEvent, SearchRequest } from "./api.ts";
import type { Scored } from "./fitness.ts";
import type { Checkpoint, GenerationRecord, RunStore } from "./run-store.ts";
import type { SearchTools } from "./search.ts";
import { Stopwatch } from "./stopwatch.ts";

export interface Evolution {
  readonly run: string;
  readonly request: SearchRequest;
  readonly model: string;
  readonly runs: RunStore;
  readonly tools: SearchTools;
  readonly on: On<SearchEvent>;
  readonly signal: AbortSignal;
  readonly score: (levels: readonly Level[]) => Promise<Scored>;
  readonly routed: (levels: readonly Level[]) => RoutedSchedule;
}

export type State = Pick<Checkpoint, "generations" | "history">;

/** Asks, scores and tells until the searcher is done; replays what a checkpoint holds. */
export async function evolve(
  search: Search,
  known: Checkpoint | undefined,
  total: number,
  run: Evolution,
): Promise<State> {
  const { tools, on, signal } = run;
  const generations: GenerationRecord[] = [...(known?.generations ?? [])];
  const history = [...(known?.history ?? [])];
  for (const [generation, record] of generations.entries()) on({ type: "generation", generation, ...record });
  let best = generations.at(-1)?.population[0];
  if (best) on({ type: "best", generation: generations.length - 1, best, schedule: run.routed(best.levels) });

  const watch = new Stopwatch(tools.now);
  const already = history.length;
  const keep = () =>
    run.runs.saveCheckpoint(run.run, {
      request: run.request,
      model: run.model,
      searcher: search.snapshot(),
      generations,
      history,
    });
  if (!known) await keep(); // from now on it is listed and can be continued
  while (!search.done) {
    const asked = search.ask();
    const fitness: number[] = [];
    const generation = generations.length;
    const round = history.length;
    const pending = await run.runs.pending(run.run, round);
    for (const [index, candidate] of asked.entries()) {
      await tools.hold(signal);
      const value = pending[index] ?? (await tools.exclusive(() => run.score(candidate.levels))).fitness;
      fitness.push(value);
      history.push({ levels: candidate.levels, fitness: value });
      if (pending[index] === undefined) await run.runs.savePending(run.run, round, fitness);
      const scored = { ...candidate, fitness: value };
      on({ type: "candidate", generation, candidate: scored });
      if (!candidate.partial && (!best || value > best.fitness)) {
        best = scored;
        on({ type: "best", generation, best, schedule: run.routed(best.levels) });
      }
      const left = watch.left((history.length - already) / Math.max(1, total - already));
      const label = labelOf(generation, index, asked);
      on({ type: "progress", phase: "search", label, done: history.length, total, left });
    }
    const finished = search.tell(fitness);
    if (finished) generations.push({ population: finished.population, survivors: finished.survivors });
    await keep();
    if (finished) on({ type: "generation", generation, ...(generations[generation] as GenerationRecord) });
  }
  return { generations, history };
}

/** SHA-256 over levels and fitness bits of all candidates in the order of their evaluation. */
export function historyHash(history: State["history"]): string {
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
