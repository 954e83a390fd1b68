import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { resampleLevels } from "../core/patterns.ts";
import { openMemory } from "../storage/memory.ts";
import type { Storage } from "../storage/storage.ts";
import { dying } from "../testing/dying-storage.ts";
import { TINY_HEADS } from "../testing/tiny-dit.ts";
import { ignore, never, SEARCH, type TinyEngine } from "../testing/tiny-engine.ts";
import { tinyEngines } from "../testing/tiny-engines.ts";
import type { MethodPoint, Progress, SearchEvent, SweepEvent, SweepPoint, SweepRequest, SweepResult } from "./api.ts";

const { target: _, ...SETTING } = SEARCH;
const TARGETS = [0.25, 0.5, 0.75];
const SWEEP: SweepRequest = {
  ...SETTING,
  searcher: { id: "evolution", options: { generations: 2, survivors: 2, offspring: 3 } },
  targets: TARGETS,
};

const { open, closeAll } = tinyEngines();

/** An uninterrupted sweep, and what is left of it. */
let whole: SweepResult;
let storage: Storage;
let writes = 0;
let scored: number;
let factored: number;
let tiny: TinyEngine;
const events: SweepEvent[] = [];
beforeAll(async () => {
  storage = openMemory();
  const put: Storage["put"] = (entries) => {
    writes++;
    return storage.put(entries);
  };
  const first = await open({ storage: { ...storage, put } });
  whole = await first.engine.sweep(SWEEP, (event) => events.push(event), never());
  scored = first.scored();
  factored = first.factored.length;
  await closeAll();
});
beforeEach(async () => {
  tiny = await open();
});
afterEach(closeAll);

const method = ({ methods }: SweepPoint, id: MethodPoint["id"]) => methods.find((one) => one.id === id) as MethodPoint;
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
/** What does not depend on when it was run, as JSON has it. */
const timeless = ({ elapsed: _, ...rest }: SweepResult): unknown => JSON.parse(JSON.stringify(rest));
const searchEvents = (target: number) =>
  events.flatMap((event) => (event.type === "search" && event.target === target ? [event.event] : []));
const firstCandidates = (found: readonly SearchEvent[]) =>
  found.flatMap((event) => (event.type === "candidate" && event.generation === 0 ? [event.candidate] : []));

describe("the front", () => {
  test("has uniform, MosaicDiff and searched at equal cost for each target, and falls with the cost", () => {
    expect(whole.points.map(({ target }) => target)).toEqual(TARGETS);
    for (const point of whole.points) {
      expect(point.methods.map(({ id }) => id)).toEqual(["uniform", "mosaic", "searched"]);
      expect(method(point, "uniform").sparsity).toBeCloseTo(point.target, 12);
      const { levels } = method(point, "searched").schedule as { levels: readonly number[] };
      expect(sum(levels)).toBe(point.target * TINY_HEADS * SEARCH.stages);
    }
    const macs = [whole.dense, ...whole.points.map((point) => method(point, "uniform"))].map((found) => found.macs);
    expect(macs).toEqual([...macs].sort((a, b) => b - a));
    expect(new Set(macs).size).toBe(4);
  });

  test("is what the runs of its targets say", async () => {
    const again = await open({ storage });
    for (const point of whole.points) {
      const run = await again.engine.run(point.run);
      expect(run?.request).toMatchObject({ target: point.target, searcher: SWEEP.searcher });
      expect(run?.verdict).toEqual(point.verdict);
      expect(run?.rankCorrelation).toBe(point.rankCorrelation);
      const searched = run?.comparisons.find(({ id }) => id === "searched");
      const { fitness, heldOut, macs } = method(point, "searched");
      expect([fitness, macs]).toEqual([searched?.fitness, searched?.cost.macs]);
      expect(heldOut.mean).toBeCloseTo(sum(searched?.heldOut ?? []) / SEARCH.heldOut, 12);
      expect(heldOut.low).toBeLessThan(heldOut.mean);
      expect(heldOut.high - heldOut.mean).toBeCloseTo(heldOut.mean - heldOut.low, 12);
    }
    expect((await again.engine.runs()).map(({ run }) => run).sort()).toEqual(whole.points.map(({ run }) => run).sort());
  });

  test("has one bank for all targets, made once, and one of MosaicDiff's", async () => {
    const { layers } = (await tiny.load()).spec;
    expect(factored).toBe((SEARCH.stages + 3) * layers.length);
    expect(new Set(whole.points.map((point) => method(point, "searched").schedule?.bank))).toEqual(
      new Set([whole.bank]),
    );
    expect(new Set(whole.points.map((point) => method(point, "mosaic").schedule?.bank)).size).toBe(1);
  });
});

describe("a target starts", () => {
  test("from the winners before it, carried over to its budget, the nearest first", async () => {
    const again = await open({ storage });
    const winners = whole.points.map(
      (point) => method(point, "searched").schedule as NonNullable<MethodPoint["schedule"]>,
    );
    const warmOf = async (point: number) => (await again.engine.run(whole.points[point]?.run as string))?.request.warm;
    expect(await warmOf(0)).toBeUndefined();
    expect((await warmOf(2))?.map(({ levels }) => levels)).toEqual([winners[1]?.levels, winners[0]?.levels]);
    const first = firstCandidates(searchEvents(0.75)).map(({ levels }) => levels);
    const space = { numStages: SEARCH.stages, maxLevel: TINY_HEADS, budget: 0.75 * TINY_HEADS * SEARCH.stages };
    for (const { levels } of winners.slice(0, 2))
      expect(first).toContainEqual(resampleLevels({ division: whole.division, levels }, whole.division, space));
  });

  test("as a search of its own would when it is the first: it is the same run", async () => {
    const { targets: _, ...setting } = SWEEP;
    const alone = await tiny.engine.search({ ...setting, target: 0.25 }, ignore, never());
    expect(alone.run).toBe(whole.points[0]?.run);
    const before = tiny.scored();
    const swept = await tiny.engine.sweep({ ...SWEEP, targets: [0.25] }, ignore, never());
    expect(tiny.scored()).toBe(before);
    expect(swept.points[0]).toEqual(JSON.parse(JSON.stringify(whole.points[0])));
  });
});

test("says which target it is at, and how long all will take", () => {
  const progress = events.filter((event): event is Progress => event.type === "progress");
  const phases = new Set(progress.map(({ label }) => label.split(":")[0]));
  expect([...phases]).toEqual(["25 %", "50 %", "75 %"]);
  for (const target of TARGETS) expect(searchEvents(target).map(({ type }) => type)).toContain("started");
  expect(events.filter(({ type }) => type === "point").length).toBe(3);
  const lefts = (label: string) => progress.filter((one) => one.label.startsWith(label) && one.phase === "search");
  const last = (label: string) => lefts(label).at(-1)?.left as number;
  expect(last("25 %")).toBeGreaterThan(last("50 %")); // two searches are still to come, then one
  expect(last("50 %")).toBeGreaterThan(last("75 %"));
});

describe("killed, it goes on and ends the same", () => {
  test.each<[string, (event: SweepEvent) => boolean]>([
    ["with its first candidate", (event) => event.type === "search" && event.event.type === "candidate"],
    ["between two targets", ({ type }) => type === "point"],
    [
      "within a later target",
      (event) => event.type === "search" && event.target === 0.5 && event.event.type === "generation",
    ],
  ])("%s", async (_, until) => {
    const controller = new AbortController();
    const on = (event: SweepEvent) => until(event) && controller.abort();
    await expect(tiny.engine.sweep(SWEEP, on, controller.signal)).rejects.toMatchObject({ name: "AbortError" });
    const again = await open({ storage: tiny.storage });
    expect(timeless(await again.engine.sweep(SWEEP, ignore, never()))).toEqual(timeless(whole));
    expect(again.factored).toEqual([]);
    // Only what a search samples at its start (dense and two baselines) is sampled twice.
    expect(tiny.scored() + again.scored()).toBeLessThanOrEqual(scored + 3);
  });

  test.each([0.5, 0.7, 0.9, 1])("at %d of its writes", async (share) => {
    const killed = await open({ storage: dying(tiny.storage, Math.floor(share * writes) - 1) });
    await expect(killed.engine.sweep(SWEEP, ignore, never())).rejects.toThrow("killed");
    const again = await open({ storage: tiny.storage });
    expect(timeless(await again.engine.sweep(SWEEP, ignore, never()))).toEqual(timeless(whole));
  });

  test("when it was finished, it samples nothing", async () => {
    const again = await open({ storage });
    expect(timeless(await again.engine.sweep(SWEEP, ignore, never()))).toEqual(timeless(whole));
    expect(again.scored()).toBe(0);
  });
});

describe("refused before any work", () => {
  test.each<[string, readonly number[], string, RegExp]>([
    ["no targets", [], "invalid-input", /no targets; give one or more/],
    ["a target twice", [0.25, 0.5, 0.25], "invalid-input", /0\.25 is given twice/],
    ["a last target out of reach", [0.5, 0.99], "budget-unreachable", /0\.99 is 3\.96 of 4 levels/],
  ])("%s", async (_, targets, code, message) => {
    const before = tiny.runtime.runs();
    const refused = tiny.engine.sweep({ ...SWEEP, targets }, ignore, never());
    await expect(refused).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
    expect(tiny.runtime.runs()).toBe(before);
    expect((await tiny.engine.status()).running).toBeUndefined();
  });
});
