// The searchers on a model: that evidence off the budget can be routed and scored, and that a winner comes out.

import { afterEach, beforeEach, expect, test } from "vitest";
import type { OptionValues } from "../core/options.ts";
import { eventsOf, never, openTiny, SEARCH, type TinyEngine } from "../testing/tiny-engine.ts";
import type { SearchEvent, SearchRequest } from "./api.ts";

let tiny: TinyEngine;
beforeEach(async () => {
  tiny = await openTiny();
  await tiny.load();
});
afterEach(async () => {
  await tiny.engine.close();
  expect(tiny.runtime.tensors).toEqual([]);
});

async function search(id: string, options: OptionValues, request: Partial<SearchRequest> = {}) {
  const events: SearchEvent[] = [];
  const on = (event: SearchEvent) => events.push(event);
  const whole = { ...SEARCH, ...request, searcher: { id, options }, validation: 0 };
  return { events, found: await tiny.engine.search(whole, on, never()) };
}

test.each<[string, OptionValues]>([
  ["greedy", {}],
  ["greedy", { reading: "local", evaluations: 9 }],
  ["random", { generations: 2, offspring: 3 }],
  ["refine", { generations: 2, offspring: 3, survivors: 2, stagesFrom: 2 }],
  ["sensitivity", { generations: 2, offspring: 3, levels: 2 }],
  ["bayesian", { generations: 2, offspring: 3, survivors: 2, levels: 2 }],
  ["evolution", { generations: 2, offspring: 3, survivors: 2, start: "sensitivity", screen: 3 }],
  ["evolution", { generations: 2, offspring: 3, survivors: 2, variant: "official-compat" }],
])("%s %o finds a schedule on the budget", async (id, options) => {
  const { found, events } = await search(id, options);
  const spent = found.best.levels.reduce((sum, level) => sum + level, 0);
  expect(spent).toBe(found.space.budget);
  expect(found.generations.at(-1)?.population[0]).toEqual(found.best);
  expect(found.evaluations).toBe(eventsOf(events, "candidate").length);
  if (id !== "greedy") expect(found.generations.length).toBeLessThanOrEqual(found.space.generations);
});

test("a budget over steps is kept to half a level of the longest stage", async () => {
  const { found, events } = await search("random", { generations: 2, offspring: 6 }, { stages: 3, budget: "steps" });
  const steps = [0, 1, 2].map((stage) => found.space.stageOfStep.filter((s) => s === stage).length);
  const spent = (levels: readonly number[]) => levels.reduce((sum, level, s) => sum + level * (steps[s] as number), 0);
  expect(new Set(steps).size).toBe(2);
  for (const { candidate } of eventsOf(events, "candidate"))
    expect(Math.abs(spent(candidate.levels) - found.space.budget)).toBeLessThanOrEqual(Math.max(...steps) / 2);
});
