// What racing would have done to a search that did not race: each of its generations again, on the scores that were
// recorded. The search goes on as it did, so generations are judged one by one.

import type { Racing } from "../../../core/racing.ts";
import { scheduleKey } from "../../../core/schedule.ts";
import type { Level } from "../../../core/tensor.ts";
import { meanOf } from "../../../engine/fitness.ts";
import { race } from "../../../engine/race.ts";
import type { Replay } from "../../../engine/replay.ts";
import type { Outcome, Scoring } from "../../../engine/round.ts";

export interface RacedAgain {
  /** Candidates. */
  readonly stopped: number;
  /** Sample evaluations, each of one picture of one candidate; `all` without racing. */
  readonly samples: { readonly run: number; readonly all: number };
  readonly generations: number;
  /** Generations in which a candidate was stopped that survived. */
  readonly changed: number;
  /** By how much the mean fitness of survivors is less, in the mean over generations. */
  readonly loss: number;
}

/** @param replayed a run whose candidates were all scored on all `probes` */
export async function raceAgain(replayed: Replay, racing: Racing, probes: number): Promise<RacedAgain> {
  const scores = new Map(replayed.candidates.map((known) => [scheduleKey(known.levels), known.scores]));
  const scoresOf = (levels: readonly Level[]) => scores.get(scheduleKey(levels)) as readonly number[];
  const score: Scoring["score"] = async (levels, part) => {
    const own = part ? scoresOf(levels).slice(part.first, part.first + part.count) : scoresOf(levels);
    return { address: "", levels, part, scores: own, fitness: meanOf(own), calls: { run: 0, saved: 0 } };
  };
  const sums = { stopped: 0, run: 0, all: 0, changed: 0, loss: 0 };
  for (const [index, { population, survivors: keep }] of replayed.generations.entries()) {
    const before = replayed.generations[index - 1];
    const survivors = before?.population.slice(0, before.survivors) ?? [];
    const asked = replayed.candidates.filter(({ generation, candidate }) => generation === index && !candidate.partial);
    const outcomes: Outcome[] = [];
    const candidates = asked.map(({ candidate }) => candidate);
    const on = (outcome: Outcome) => outcomes.push(outcome);
    await race({ candidates, survivors, keep, racing }, { request: { probes, racing }, score }, on);
    const stopped = new Set(outcomes.filter((one) => one.stopped).map(({ levels }) => scheduleKey(levels)));
    const left = population.filter(({ levels }) => !stopped.has(scheduleKey(levels)));
    const fitness = (of: typeof population) => meanOf(of.slice(0, keep).map((member) => member.fitness));
    sums.stopped += stopped.size;
    sums.run += outcomes.reduce((sum, outcome) => sum + outcome.scores.length, 0);
    sums.all += probes * outcomes.length;
    sums.changed += Number(left.slice(0, keep).some((member, place) => member !== population[place]));
    sums.loss += fitness(population) - fitness(left);
  }
  const { stopped, run, all, changed, loss } = sums;
  const generations = replayed.generations.length;
  return { stopped, samples: { run, all }, generations, changed, loss: loss / generations };
}
