// What a stored run has come to, finished or not, without a device: its searcher is told what is recorded, until it asks
// for something that is not.

import { scheduleKey } from "../core/schedule.ts";
import type { Candidate, Search } from "../searchers/searcher.ts";
import type { Storage } from "../storage/storage.ts";
import { coursesOf } from "./courses.ts";
import { type Evaluation, EvaluationStore } from "./evaluations.ts";
import type { GenerationRecord } from "./evolve.ts";
import { type Experiment, plan } from "./experiment.ts";
import type { LoadedModel } from "./load.ts";
import type { RunRecord } from "./run-store.ts";

/** A candidate with what it scored, in the generation that its round belonged to. */
export interface ReplayedCandidate {
  readonly candidate: Candidate;
  readonly evaluation: Evaluation;
  readonly generation: number;
}

export interface Replay {
  readonly experiment: Experiment;
  readonly generations: readonly GenerationRecord[];
  /** In the order of asking, of whole rounds only. */
  readonly candidates: readonly ReplayedCandidate[];
}

/** @param model the run's own */
export async function replay(storage: Storage, record: RunRecord, model: LoadedModel): Promise<Replay> {
  const { request, forks, rounds } = record;
  const experiment = plan(model, request);
  const evaluations = await new EvaluationStore(storage).get(rounds.flatMap(({ told }) => told));
  const known = new Map(evaluations.flatMap((found) => (found ? [[scheduleKey(found.levels), found] as const] : [])));
  const generations: GenerationRecord[] = [];
  const candidates: ReplayedCandidate[] = [];
  let place = 0;

  /** False when something of the round is not recorded. */
  const playRound = (search: Search): boolean => {
    for (const levels of rounds[place]?.injected ?? []) search.inject(levels);
    const asked = search.ask().flatMap((candidate): ReplayedCandidate[] => {
      const evaluation = known.get(scheduleKey(candidate.levels));
      return evaluation ? [{ candidate, evaluation, generation: generations.length }] : [];
    });
    if (place++ >= rounds.length || asked.length < search.ask().length) return false;
    candidates.push(...asked);
    const finished = search.tell(asked.map(({ evaluation }) => evaluation.fitness));
    if (finished) generations.push({ population: finished.population, survivors: finished.survivors });
    return true;
  };

  let search: Search | undefined;
  for (const { until, start } of coursesOf(request, forks, experiment).courses) {
    search = start(search?.snapshot());
    while (!search.done && generations.length < until)
      if (!playRound(search)) return { experiment, generations, candidates };
  }
  return { experiment, generations, candidates };
}
