import { describe, expect, test } from "vitest";
import type { OptionValues } from "../core/options.ts";
import { keepsBudget } from "../core/space.ts";
import { searchers } from "../searchers/index.ts";
import { openMemory } from "../storage/memory.ts";
import { additive, spaceOf, stageLosses } from "../testing/landscapes.ts";
import { eventsOf, SEARCH } from "../testing/tiny-engine.ts";
import type { SearchEvent } from "./api.ts";
import { evolve, historyHash } from "./evolve.ts";
import { RunStore } from "./run-store.ts";

const space = spaceOf(4, 5, 9);
const landscape = additive(stageLosses(space, 1));

/** A search whose process may die after so many evaluations. */
async function search(id: string, options: OptionValues, storage = openMemory(), lives = Infinity) {
  const runs = new RunStore(storage);
  const known = await runs.checkpoint("run");
  const searcher = searchers.get(id);
  const events: SearchEvent[] = [];
  let scored = 0;
  const state = await evolve(searcher.start(space, options, 1, [], known?.searcher), known, 100, {
    run: "run",
    request: SEARCH,
    model: "model",
    runs,
    tools: {
      storage,
      factor: () => Promise.reject(new Error("a search factors nothing")),
      factorThreads: 1,
      now: () => 0,
      exclusive: (work) => work(),
      hold: async () => {
        if (scored === lives) throw new Error("killed");
      },
    },
    on: (event) => events.push(event),
    signal: new AbortController().signal,
    score: async (levels) => {
      scored++;
      return { fitness: landscape(levels), scores: [], stepTimes: [] };
    },
    routed: (levels) => ({ division: [], levels, bank: "bank" }),
  });
  return { ...state, events, scored, runs };
}

describe.each([
  ["greedy", { reading: "constructive" }],
  ["sensitivity", { generations: 3, offspring: 3, levels: 2 }],
  ["evolution", { generations: 3, offspring: 3, survivors: 2, start: "sensitivity", screen: 3 }],
  ["evolution", { generations: 4, offspring: 3, survivors: 2 }],
  ["evolution", { generations: 4, offspring: 3, survivors: 2, variant: "official-compat" }],
] as const)("%s %o", (id, options) => {
  test("killed after any candidate, it ends with the same history and scores none again", async () => {
    const whole = await search(id, options);
    for (let lives = 0; lives < whole.scored; lives++) {
      const storage = openMemory();
      await expect(search(id, options, storage, lives)).rejects.toThrow("killed");
      const rest = await search(id, options, storage);
      expect(rest.scored).toBe(whole.scored - lives);
      expect(historyHash(rest.history)).toBe(historyHash(whole.history));
      expect(rest.generations).toEqual(whole.generations);
    }
  });
});

test("evidence off the budget is journalled like all, but is never best and in no population", async () => {
  const { events, history, generations } = await search("greedy", { reading: "constructive" });
  const evidence = eventsOf(events, "candidate").filter(({ candidate }) => candidate.partial);
  expect(evidence.length).toBeGreaterThan(20);
  expect(history).toHaveLength(eventsOf(events, "candidate").length);
  // the nearer to dense, the fitter: all of it beats every whole schedule
  const whole = history.filter(({ levels }) => keepsBudget(levels, space));
  const top = Math.max(...whole.map(({ fitness }) => fitness));
  expect(evidence[0]?.candidate.fitness).toBeGreaterThan(top);
  for (const { best } of eventsOf(events, "best")) expect(keepsBudget(best.levels, space)).toBe(true);
  expect(generations).toHaveLength(1);
  expect(generations[0]?.population).toHaveLength(whole.length);
  const labels = eventsOf(events, "progress").map(({ label }) => label);
  expect([labels[0], labels.at(-1)]).toEqual(["Evidence: candidate 1 of 4", "Generation 0: candidate 3 of 3"]);
});
