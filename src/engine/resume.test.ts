import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Key } from "../storage/storage.ts";
import { memoryMirror } from "../testing/memory-mirror.ts";
import { eventsOf, ignore, never, SEARCH, type TinyEngine } from "../testing/tiny-engine.ts";
import { tinyEngines } from "../testing/tiny-engines.ts";
import type { SearchEvent, SearchResult } from "./api.ts";

/** An uninterrupted run. */
let whole: SearchResult;
/** Sampled for every start of a search: dense and two baselines. */
const BEFORE = 3;
/** Sampled for every end: dense and the finalists; then dense, the baselines and the winner on held-out pictures. */
const ending = ({ finalists }: SearchResult) => 1 + finalists.length + 4;

const { open, closeAll } = tinyEngines();
let tiny: TinyEngine;
beforeAll(async () => {
  whole = await (await open()).engine.search(SEARCH, ignore, never());
  await closeAll();
});
beforeEach(async () => {
  tiny = await open();
});
afterEach(closeAll);

/** Starts a search and aborts it after so many candidates. */
async function interrupt({ engine }: TinyEngine, candidates: number): Promise<SearchEvent[]> {
  const controller = new AbortController();
  const events: SearchEvent[] = [];
  const on = (event: SearchEvent) => {
    events.push(event);
    if (eventsOf(events, "candidate").length === candidates) controller.abort();
  };
  await expect(engine.search(SEARCH, on, controller.signal)).rejects.toMatchObject({ name: "AbortError" });
  expect((await engine.status()).running).toBeUndefined();
  return events;
}

describe("an aborted search goes on where it stopped", () => {
  const first = () => whole.generations[0]?.population.length as number;
  /** Generations that are complete after so many candidates. */
  const finished = (candidates: number) => (candidates < first() ? 0 : 1 + Math.floor((candidates - first()) / 4));

  test.each([
    ["after one candidate", () => 1],
    ["in the middle of a later generation", () => first() + 5],
    ["with the last candidate of a generation", () => first()],
    ["with the last candidate of all", () => whole.evaluations],
  ])("%s", async (_, candidates) => {
    const done = candidates();
    await interrupt(tiny, done);
    expect(tiny.scored()).toBe(BEFORE + done);
    const again = await open({ storage: tiny.storage });
    const events: SearchEvent[] = [];
    const result = await again.engine.search(SEARCH, (event) => events.push(event), never());
    expect(again.scored()).toBe(BEFORE + (whole.evaluations - done) + ending(whole));
    expect(again.factored).toEqual([]);
    expect(result.historyHash).toBe(whole.historyHash);
    expect(result.generations).toEqual(whole.generations);
    expect(result.verdict).toEqual(whole.verdict);
    expect(eventsOf(events, "generation").map(({ generation }) => generation)).toEqual([0, 1, 2]);
    expect(eventsOf(events, "started")[0]?.resumedAt).toBe(finished(done));
  });

  test("in the same engine", async () => {
    await interrupt(tiny, 3);
    const result = await tiny.engine.search(SEARCH, ignore, never());
    expect(result.historyHash).toBe(whole.historyHash);
    expect(tiny.scored()).toBe(BEFORE + BEFORE + whole.evaluations + ending(whole));
  });

  test("before its first candidate", async () => {
    const controller = new AbortController();
    const on = ({ type }: SearchEvent) => type === "baseline" && controller.abort();
    await expect(tiny.engine.search(SEARCH, on, controller.signal)).rejects.toMatchObject({ name: "AbortError" });
    expect((await tiny.engine.search(SEARCH, ignore, never())).historyHash).toBe(whole.historyHash);
  });
});

describe("what is left of an interrupted run", () => {
  test("is listed with its request, and can be removed", async () => {
    await interrupt(tiny, whole.evaluations - 1);
    const { run } = whole;
    expect(await tiny.engine.runs()).toMatchObject([
      { run, request: SEARCH, forks: [], model: whole.model.id, finished: false, generation: 2 },
    ]);
    await tiny.engine.removeRun(run);
    expect(await tiny.engine.runs()).toEqual([]);
    expect(await tiny.engine.run(run)).toBeUndefined();
  });

  test.each([
    ["slot", ["runs", () => whole.run, "slot"]],
    ["evaluations", ["evaluations"]],
  ])("when the last record of its %s is damaged, the search still ends the same", async (_, prefix) => {
    await interrupt(tiny, whole.evaluations - 2);
    const keys = await tiny.storage.list(prefix.map((part) => (typeof part === "string" ? part : part())));
    const key = keys.at(-1) as Key;
    const bytes = (await tiny.storage.get(key)) as Uint8Array;
    await tiny.storage.put([[key, bytes.subarray(0, bytes.length - 9)]]);
    const again = await open({ storage: tiny.storage });
    expect((await again.engine.search(SEARCH, ignore, never())).historyHash).toBe(whole.historyHash);
  });

  test("does not reach a search with another request", async () => {
    await interrupt(tiny, 5);
    const before = tiny.scored();
    const other = await tiny.engine.search({ ...SEARCH, guidance: 1.5 }, ignore, never());
    expect(other.run).not.toBe(whole.run);
    expect(tiny.scored() - before).toBe(BEFORE + other.evaluations + ending(other));
  });
});

test("a finished search that is asked for again scores no candidate again", async () => {
  await tiny.engine.search(SEARCH, ignore, never());
  const before = tiny.scored();
  const again = await tiny.engine.search(SEARCH, ignore, never());
  expect(again.historyHash).toBe(whole.historyHash);
  expect(tiny.scored() - before).toBeLessThanOrEqual(BEFORE + ending(whole));
});

test("a longer search of the same pictures scores only what the shorter one did not", async () => {
  await tiny.engine.search(SEARCH, ignore, never());
  const before = tiny.scored();
  const searcher = { id: "evolution", options: { generations: 4, survivors: 2, offspring: 4 } };
  const longer = await tiny.engine.search({ ...SEARCH, searcher }, ignore, never());
  expect(longer.evaluations).toBe(whole.evaluations + 4);
  expect(tiny.scored() - before).toBeLessThanOrEqual(BEFORE + 4 + ending(longer));
  const fresh = await (await open()).engine.search({ ...SEARCH, searcher }, ignore, never());
  expect(longer.historyHash).toBe(fresh.historyHash);
  expect(longer.finalists).toEqual(fresh.finalists);
});

describe("a run that only the mirror knows", () => {
  const interrupted = async () => {
    const mirror = memoryMirror();
    await interrupt(await open({ mirror }), whole.evaluations - 2);
    return mirror;
  };

  test("is listed, goes on from what its schedules scored, and ends the same", async () => {
    const again = await open({ mirror: await interrupted() });
    expect(await again.engine.runs()).toMatchObject([{ run: whole.run, request: SEARCH, finished: false }]);
    const result = await again.engine.search(SEARCH, ignore, never());
    expect(again.scored()).toBe(BEFORE + 2 + ending(whole));
    expect(result.historyHash).toBe(whole.historyHash);
    expect(result.finalists).toEqual(whole.finalists);
    expect(await again.engine.runs()).toMatchObject([{ run: whole.run, finished: true }]);
  });

  test("is gone when it is removed", async () => {
    const mirror = await interrupted();
    const again = await open({ mirror });
    await again.engine.removeRun(whole.run);
    expect(await again.engine.runs()).toEqual([]);
    expect(await (await open({ mirror })).engine.runs()).toEqual([]);
  });
});

describe("when the device is lost", () => {
  test.each([40, 150, 300])("at run %i, a new engine ends with the same history", async (run) => {
    tiny.runtime.loseDevice(run);
    const failed = tiny.engine.search(SEARCH, ignore, never());
    await expect(failed).rejects.toMatchObject({ code: "device-lost" });
    const restarted = await open({ storage: tiny.storage });
    const result = await restarted.engine.search(SEARCH, ignore, never());
    expect(result.historyHash).toBe(whole.historyHash);
    expect(tiny.scored() + restarted.scored()).toBeLessThanOrEqual(whole.evaluations + 2 * BEFORE + 2 * ending(whole));
  });
});
