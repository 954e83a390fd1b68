import { describe, expect, test } from "vitest";
import { scheduleKey } from "../core/schedule.ts";
import { keepsBudget } from "../core/space.ts";
import { searchers } from "../searchers/index.ts";
import { openMemory } from "../storage/memory.ts";
import { journalled, PROJECTED, space } from "../testing/journalled-search.ts";
import { eventsOf } from "../testing/tiny-engine.ts";

describe("candidates that begin alike", () => {
  const options = { generations: 4, offspring: 6, survivors: 2 };

  test("are scored one after the other, and told in the order of asking", async () => {
    const { scored, history, generations } = await journalled("evolution", options);
    const first = generations[0]?.population.length as number;
    const round = scored.slice(0, first);
    expect(round).toEqual(round.toSorted((a, b) => (a < b ? -1 : 1))); // one digit each
    const asked = searchers.get("evolution").start(space, options, 1, [PROJECTED]).ask();
    expect(asked.map(({ levels }) => scheduleKey(levels))).not.toEqual(round);
    expect(history.slice(0, first).map(({ levels }) => levels)).toEqual(asked.map(({ levels }) => levels));
  });

  test("are counted with what they saved, and those that were found apart", async () => {
    const storage = openMemory();
    const short = await journalled("evolution", { ...options, generations: 2 }, { storage });
    const { scored, events, reuse } = await journalled("evolution", options, { storage });
    expect(short.reuse).toMatchObject({
      found: 0,
      calls: { run: 2 * short.scored.length, saved: 3 * short.scored.length },
    });
    expect(reuse).toEqual({
      found: short.scored.length,
      prefixes: scored.length,
      calls: { run: 2 * scored.length, saved: 3 * scored.length },
    });
    expect(eventsOf(events, "candidate").at(-1)?.reuse).toEqual(reuse);
  });
});

test("overhead is the loop's own time: neither that of candidates nor that of pauses", async () => {
  const { events, overhead } = await journalled("evolution", { generations: 2, offspring: 3, survivors: 2 });
  expect(overhead).toBe(events.length); // whoever hears an event takes a millisecond
});

test("what is replayed shows as generations and one best schedule, not as candidates", async () => {
  const storage = openMemory();
  const options = { generations: 4, offspring: 3, survivors: 2 };
  const whole = await journalled("evolution", options, { storage });
  const again = await journalled("evolution", options, { storage });
  expect(again.resumedAt).toBe(4);
  expect(again.events.map(({ type }) => type)).toEqual([
    "generation",
    "generation",
    "generation",
    "generation",
    "best",
  ]);
  expect(eventsOf(again.events, "best")[0]?.best).toEqual(eventsOf(whole.events, "best").at(-1)?.best);
});

test("evidence off the budget is journalled like all, but is never best and in no population", async () => {
  const { events, history, generations } = await journalled("greedy", { reading: "constructive" });
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
