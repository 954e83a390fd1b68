// A race among a round's candidates and the survivors of the generation before. Who is stopped is told what it would have
// scored: the fitness of the last survivor, less what it was behind on the pictures of both.

import { outOfReach, partsOf, type Racing } from "../core/racing.ts";
import type { Level } from "../core/tensor.ts";
import type { Candidate, Evaluated } from "../searchers/searcher.ts";
import type { Evaluation } from "./evaluations.ts";
import { meanOf } from "./fitness.ts";
import type { Outcome, Scoring } from "./round.ts";

interface Race {
  readonly candidates: readonly Candidate[];
  /** They have been scored on all pictures, and are never stopped. */
  readonly survivors: readonly Evaluated[];
  /** How many will survive this round. */
  readonly keep: number;
  readonly racing: Racing;
}

/** Survivors are no candidates. */
class Entrant {
  readonly levels: readonly Level[];
  readonly candidate: Candidate | undefined;
  readonly evaluations: Evaluation[] = [];
  stopped = false;

  constructor(levels: readonly Level[], candidate?: Candidate) {
    this.levels = levels;
    this.candidate = candidate;
  }

  get scores(): readonly number[] {
    return this.evaluations.flatMap(({ scores }) => scores);
  }

  get fitness(): number {
    return meanOf(this.scores);
  }
}

/** Scores on one part of the pictures after the other; after each, those fall that are out of reach. */
export async function race(
  { candidates, survivors, keep, racing }: Race,
  { request, score }: Scoring,
  on: (outcome: Outcome) => void,
): Promise<void> {
  const entrants = [
    ...survivors.map(({ levels }) => new Entrant(levels)),
    ...candidates.map((candidate) => new Entrant(candidate.levels, candidate)),
  ];
  let running = entrants;
  for (const part of partsOf(request.probes, racing.chunk)) {
    const last = part.first + part.count === request.probes;
    for (const entrant of neighboursTogether(running)) {
      entrant.evaluations.push(await score(entrant.levels, part));
      if (last && entrant.candidate) on(outcomeOf(entrant, entrant.candidate));
    }
    if (last) break;
    const scores = running.map((entrant) => entrant.scores);
    const out = outOfReach(scores, keep, request.probes, racing.confidence);
    for (const [place, entrant] of running.entries())
      entrant.stopped = entrant.candidate !== undefined && out[place] === true;
    running = running.filter(({ stopped }) => !stopped);
  }
  const border = running.toSorted((a, b) => b.fitness - a.fitness)[keep - 1]; // there is one when any was stopped
  for (const entrant of entrants) {
    const { candidate, stopped, scores } = entrant;
    if (!candidate || !stopped || !border) continue;
    const behind = meanOf(border.scores.slice(0, scores.length)) - entrant.fitness;
    on({ ...outcomeOf(entrant, candidate), fitness: border.fitness - Math.max(0, behind), stopped });
  }
}

function outcomeOf({ levels, fitness, scores, evaluations }: Entrant, candidate: Candidate): Outcome {
  return { candidate, levels, fitness, scores, evaluations };
}

/**
 * Schedules that begin alike one after the other: then what they share is still at hand. Their scores do not depend on it,
 * and are told in the order of asking.
 */
export function neighboursTogether<T extends Pick<Evaluated, "levels">>(schedules: readonly T[]): readonly T[] {
  return schedules.toSorted((a, b) => {
    const differing = a.levels.findIndex((level, stage) => level !== b.levels[stage]);
    return differing < 0 ? 0 : (a.levels[differing] as Level) - (b.levels[differing] as Level);
  });
}
