// One round of a search: ask, score, tell. A candidate is scored on all pictures at once, or races. Searches and their
// replays come through here alike, so that a replay stops whom the search stopped.

import type { Part } from "../core/racing.ts";
import type { Level } from "../core/tensor.ts";
import type { Candidate, Evaluated, Search } from "../searchers/searcher.ts";
import type { Calls, SearchRequest, SearchResult } from "./api.ts";
import type { Evaluation } from "./evaluations.ts";
import { neighboursTogether, race } from "./race.ts";

export type GenerationRecord = SearchResult["generations"][number];

/** What came of a candidate, as the searcher is told. */
export interface Outcome extends Evaluated {
  readonly candidate: Candidate;
  /** One per picture that it was scored on, in their order. */
  readonly scores: readonly number[];
  /** Racing stopped it: its fitness is an estimate. */
  readonly stopped?: true;
  /** Of all pictures, or of one part after the other. */
  readonly evaluations: readonly Evaluation[];
}

export interface Scoring {
  readonly request: Pick<SearchRequest, "probes" | "racing">;
  readonly score: (levels: readonly Level[], part?: Part) => Promise<Evaluation>;
}

export interface Round {
  /** In the order of asking. */
  readonly outcomes: readonly Outcome[];
  /** The one that it finished. */
  readonly generation: GenerationRecord | undefined;
}

/**
 * @param before the generation before
 * @param on called with every outcome as soon as it is known
 */
export async function playRound(
  search: Search,
  before: GenerationRecord | undefined,
  scoring: Scoring,
  on: (outcome: Outcome) => void = () => {},
): Promise<Round> {
  const asked = search.ask();
  const known = new Map<Candidate, Outcome>();
  const settle = (outcome: Outcome) => {
    known.set(outcome.candidate, outcome);
    on(outcome);
  };
  const { racing } = scoring.request;
  // Evidence does not race: it is compared with no survivor, and shared with those who do not race.
  const whole = asked.filter(({ partial }) => partial || !racing);
  for (const candidate of neighboursTogether(whole)) {
    const evaluation = await scoring.score(candidate.levels);
    const { levels, fitness, scores } = evaluation;
    settle({ candidate, levels, fitness, scores, evaluations: [evaluation] });
  }
  if (racing) {
    const raced = asked.filter(({ partial }) => !partial);
    const survivors = before?.population.slice(0, before.survivors) ?? [];
    await race({ candidates: raced, survivors, keep: search.survivors, racing }, scoring, settle);
  }
  const outcomes = asked.map((candidate) => known.get(candidate) as Outcome);
  const stopped = new Set(asked.filter((candidate) => known.get(candidate)?.stopped));
  const finished = search.tell(
    outcomes.map(({ fitness }) => fitness),
    stopped,
  );
  return { outcomes, generation: finished && { population: finished.population, survivors: finished.survivors } };
}

/** Of so many pictures: what is called for a part of them counts as that part. */
export function callsOf(evaluations: readonly Evaluation[], pictures: number): Calls {
  const sum = (kind: keyof Calls) =>
    evaluations.reduce((all, { part, calls }) => all + (calls[kind] * (part?.count ?? pictures)) / pictures, 0);
  return { run: sum("run"), saved: sum("saved") };
}
