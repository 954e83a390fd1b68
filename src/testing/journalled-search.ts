// A search with its journal on a known landscape, without a model: its process may be killed, and go on in another life.

import type { OptionValues } from "../core/options.ts";
import type { Racing } from "../core/racing.ts";
import { stream } from "../core/rng.ts";
import { scheduleKey } from "../core/schedule.ts";
import type { Level } from "../core/tensor.ts";
import type { Fork, SearchEvent } from "../engine/api.ts";
import { coursesOf } from "../engine/courses.ts";
import { EvaluationStore } from "../engine/evaluations.ts";
import { evolve } from "../engine/evolve.ts";
import { meanOf } from "../engine/fitness.ts";
import { Journal } from "../engine/journal.ts";
import { RunStore } from "../engine/run-store.ts";
import { openMemory } from "../storage/memory.ts";
import type { Storage } from "../storage/storage.ts";
import { additive, spaceOf, stageLosses } from "./landscapes.ts";
import { SEARCH } from "./tiny-engine.ts";

/** Searchers with all that they do between rounds. */
export const WAYS = [
  ["greedy", { reading: "constructive" }],
  ["sensitivity", { generations: 3, offspring: 3, levels: 2 }],
  ["evolution", { generations: 3, offspring: 3, survivors: 2, start: "sensitivity", screen: 3 }],
  ["evolution", { generations: 4, offspring: 3, survivors: 2 }],
  ["evolution", { generations: 4, offspring: 3, survivors: 2, variant: "official-compat" }],
] as const;

export const space = spaceOf(4, 5, 9);
export const PROJECTED = [0, 1, 4, 4];
const landscape = additive(stageLosses(space, 1));

export interface Life {
  readonly storage?: Storage;
  /** The process dies when it is to score one more. */
  readonly scores?: number;
  readonly run?: string;
  readonly context?: string;
  /** Schedules that were scored, in order; in a race, with the first picture of the part. */
  readonly scored?: string[];
  readonly forks?: readonly Fork[];
  readonly racing?: Racing;
}

/** Of a journalled search that races. */
const PICTURES = 12;

/** A schedule's score on one picture: the pictures differ in difficulty, and schedules in how they take each. */
export function pictured(levels: readonly Level[], picture: number): number {
  const random = stream(3, "picture", picture);
  return landscape(levels) - random.exponential() + 0.05 * stream(5, "taste", picture, ...levels).normal();
}

/** A search in one life of its process. */
export async function journalled(id: string, options: OptionValues, life: Life = {}) {
  const { storage = openMemory(), scores = Infinity, run = "run", context = "context", scored = [], forks = [] } = life;
  const { racing } = life;
  const runs = new RunStore(storage);
  const evaluations = new EvaluationStore(storage);
  const request = { ...SEARCH, seed: 1, searcher: { id, options }, ...(racing && { racing, probes: PICTURES }) };
  const journal = await Journal.open({ run, request, forks, model: "model", context, runs, evaluations });
  const { courses } = coursesOf(request, forks, { space, projected: PROJECTED, warm: [] });
  const resumedAt = journal.generations;
  const events: SearchEvent[] = [];
  let clock = 0;
  const evolved = await evolve(courses, 100, {
    request,
    journal,
    tools: {
      now: () => clock,
      exclusive: (work) => work(),
      async hold() {
        clock += 1000;
      },
    },
    on(event) {
      clock += 1;
      events.push(event);
    },
    signal: new AbortController().signal,
    score: async (levels, part) => {
      if (scored.length === scores) throw new Error("killed");
      scored.push(part ? `${scheduleKey(levels)} from ${part.first}` : scheduleKey(levels));
      clock += 1000;
      const { first, count } = part ?? { first: 0, count: PICTURES };
      const values = racing
        ? Array.from({ length: count }, (_, i) => pictured(levels, first + i))
        : [landscape(levels)];
      return { fitness: meanOf(values), scores: values, stepTimes: [], calls: { run: 2, saved: 3 } };
    },
    routed: (levels) => ({ division: [], levels, bank: "bank" }),
  });
  return { ...evolved, events, scored, resumedAt };
}
