// What a stored run has come to, finished or not, without a device: its searcher is told what is recorded, until it asks
// for something that is not.

import type { Search } from "../searchers/searcher.ts";
import type { Storage } from "../storage/storage.ts";
import { coursesOf } from "./courses.ts";
import { EvaluationStore } from "./evaluations.ts";
import { type Experiment, plan } from "./experiment.ts";
import type { LoadedModel } from "./load.ts";
import { type GenerationRecord, type Outcome, playRound, type Scoring } from "./round.ts";
import type { RunRecord } from "./run-store.ts";
import { Told } from "./told.ts";

/** A candidate with what it scored, in the generation that its round belonged to. */
export interface ReplayedCandidate extends Outcome {
  readonly generation: number;
}

class NotRecorded extends Error {}

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
  const told = await Told.read(record, new EvaluationStore(storage));
  const generations: GenerationRecord[] = [];
  const candidates: ReplayedCandidate[] = [];
  let place = 0;

  const score: Scoring["score"] = async (levels, part) => {
    const known = told.find(levels, part);
    if (!known) throw new NotRecorded();
    return known;
  };
  const play = async (search: Search): Promise<void> => {
    const round = rounds[place++];
    if (!round) throw new NotRecorded();
    for (const levels of round.injected) search.inject(levels);
    const { outcomes, generation } = await playRound(search, generations.at(-1), { request, score });
    candidates.push(...outcomes.map((outcome) => ({ ...outcome, generation: generations.length })));
    if (generation) generations.push(generation);
  };

  let search: Search | undefined;
  try {
    for (const { until, start } of coursesOf(request, forks, experiment).courses) {
      search = start(search?.snapshot());
      while (!search.done && generations.length < until) await play(search);
    }
  } catch (error) {
    if (!(error instanceof NotRecorded)) throw error;
  }
  return { experiment, generations, candidates };
}
