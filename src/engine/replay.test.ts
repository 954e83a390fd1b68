import { afterEach, beforeEach, expect, test } from "vitest";
import { scheduleKey } from "../core/schedule.ts";
import { ignore, never, openTiny, SEARCH, type TinyEngine } from "../testing/tiny-engine.ts";
import type { SearchEvent, SearchResult } from "./api.ts";
import { historyHash } from "./evolve.ts";
import { loadModel } from "./load.ts";
import { replay } from "./replay.ts";
import { type RunRecord, RunStore } from "./run-store.ts";

let tiny: TinyEngine;
beforeEach(async () => {
  tiny = await openTiny();
  await tiny.load();
});
afterEach(() => tiny.engine.close());

async function replayed(run: string) {
  const { bundle, storage } = tiny;
  const model = await loadModel({ kind: "bundle", base: bundle.base }, bundle.read, ignore);
  const before = tiny.runtime.runs();
  const found = await replay(storage, (await new RunStore(storage).record(run)) as RunRecord, model);
  expect(tiny.runtime.runs()).toBe(before);
  return found;
}
const search = (on: (event: SearchEvent) => void = ignore, signal = never()): Promise<SearchResult> =>
  tiny.engine.search(SEARCH, on, signal);

test("a finished run comes back whole, with every picture's score and where each candidate came from", async () => {
  const result = await search();
  const { generations, candidates } = await replayed(result.run);
  expect(generations).toEqual(result.generations);
  expect(historyHash(candidates)).toBe(result.historyHash);
  const origins = new Map(
    result.generations.flatMap(({ population }) => population.map((m) => [scheduleKey(m.levels), m.origin])),
  );
  for (const { candidate, scores, generation } of candidates) {
    expect(candidate.origin).toEqual(origins.get(scheduleKey(candidate.levels)));
    expect(scores).toHaveLength(SEARCH.probes);
    expect(result.generations[generation]?.population.map(({ levels }) => levels)).toContainEqual(candidate.levels);
  }
});

test("a run that raced comes back with whom it stopped, on the pictures that were scored", async () => {
  const racing = { confidence: 0.6, chunk: 2 };
  const result = await tiny.engine.search({ ...SEARCH, probes: 8, racing }, ignore, never());
  const { generations, candidates } = await replayed(result.run);
  expect(generations).toEqual(result.generations);
  expect(historyHash(candidates)).toBe(result.historyHash);
  const samples = candidates.reduce((sum, { scores }) => sum + scores.length, 0);
  const stopped = candidates.filter((candidate) => candidate.stopped);
  expect(stopped.length).toBeGreaterThan(0);
  expect(result.raced).toEqual({
    stopped: stopped.length,
    samples: { run: samples, saved: 8 * candidates.length - samples },
  });
  const finalists = result.finalists.map(({ levels }) => scheduleKey(levels));
  for (const { levels } of stopped) expect(finalists).not.toContain(scheduleKey(levels));
});

test("an interrupted run comes back to its last whole round, and no record is changed", async () => {
  const controller = new AbortController();
  let candidates = 0;
  const stop = (event: SearchEvent) => {
    if (event.type === "candidate" && ++candidates === 8) controller.abort();
  };
  await expect(search(stop, controller.signal)).rejects.toMatchObject({ name: "AbortError" });
  const [card] = await tiny.engine.runs();
  const stored = () => tiny.storage.size([]);
  const before = await stored();
  const found = await replayed(card?.run as string);
  expect(await stored()).toBe(before);
  expect(found.generations).toHaveLength(card?.generation as number);
  const whole = await search();
  expect(found.generations).toEqual(whole.generations.slice(0, found.generations.length));
});

test("a fork comes back with what it shares; where a record is lost, the replay ends", async () => {
  const { run, generations } = await search();
  const fork = await tiny.engine.fork({ run, at: 2, seed: 5 });
  expect((await replayed(fork.run)).generations).toEqual(generations.slice(0, 2));
  const forked = await tiny.engine.resume({ run: fork.run }, ignore, never());
  const found = await replayed(fork.run);
  expect(found.generations).toEqual(forked.generations);
  const { told } = ((await new RunStore(tiny.storage).record(fork.run)) as RunRecord)
    .rounds[1] as RunRecord["rounds"][0];
  await tiny.storage.remove(["evaluations", told[0] as string]);
  expect((await replayed(fork.run)).generations).toEqual(generations.slice(0, 1));
});
