// Runs as the engine's callers see them: continued, lengthened, forked, with schedules made by hand.

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { scheduleKey } from "../core/schedule.ts";
import { eventsOf, ignore, never, openTiny, SEARCH, type TinyEngine } from "../testing/tiny-engine.ts";
import type { SearchEvent, SearchResult } from "./api.ts";

let tiny: TinyEngine;
let whole: SearchResult;
beforeEach(async () => {
  tiny = await openTiny();
  await tiny.load();
  whole = await tiny.engine.search(SEARCH, ignore, never());
});
afterEach(() => tiny.engine.close());

const GENERATIONS = 3;
const resume = (run: string, generations?: number, on: (event: SearchEvent) => void = ignore) =>
  tiny.engine.resume({ run, generations }, on, never());
const card = async (run: string) => (await tiny.engine.runs()).find((card) => card.run === run);
/** A schedule that the search did not score. */
function unseen(): readonly number[] {
  const seen = new Set(
    whole.generations.flatMap(({ population }) => population.map(({ levels }) => scheduleKey(levels))),
  );
  const { budget, maxLevel } = whole.space;
  const stages = [...Array(SEARCH.stages).keys()];
  const moves = stages.flatMap((from) => stages.map((to) => [from, to] as const));
  const base = stages.map((stage) => Math.min(maxLevel, Math.max(0, budget - stage * maxLevel)));
  const all = moves.map(([from, to]) => base.map((level, s) => level - Number(s === from) + Number(s === to)));
  return all.find(
    (levels) => levels.every((level) => level >= 0 && level <= maxLevel) && !seen.has(scheduleKey(levels)),
  ) as readonly number[];
}

describe("resume", () => {
  test("ends a finished run as it ended", async () => {
    expect((await resume(whole.run)).historyHash).toBe(whole.historyHash);
  });

  test("gives a run more generations under its own id, and says that it is not finished until it is", async () => {
    const controller = new AbortController();
    const stop = ({ type }: SearchEvent) => type === "candidate" && controller.abort();
    const stopped = tiny.engine.resume({ run: whole.run, generations: 5 }, stop, controller.signal);
    await expect(stopped).rejects.toMatchObject({ name: "AbortError" });
    expect(await card(whole.run)).toMatchObject({ finished: false, generation: GENERATIONS });
    const longer = await resume(whole.run);
    expect(longer.run).toBe(whole.run);
    expect(longer.generations.slice(0, GENERATIONS)).toEqual(whole.generations);
    expect(longer.generations).toHaveLength(5);
    expect(await card(whole.run)).toMatchObject({ finished: true, generation: 5 });
    const searcher = { ...SEARCH.searcher, options: { ...SEARCH.searcher.options, generations: 5 } };
    const direct = await tiny.engine.search({ ...SEARCH, searcher }, ignore, never());
    expect(direct.historyHash).toBe(longer.historyHash);
  });

  test("refuses what cannot be", async () => {
    const { engine } = tiny;
    await expect(resume("none")).rejects.toMatchObject({
      code: "missing-data",
      message: expect.stringContaining(whole.run),
    });
    await expect(resume(whole.run, 2)).rejects.toMatchObject({ code: "invalid-input" });
    await expect(resume(whole.run, 4.5)).rejects.toMatchObject({ code: "invalid-option" });
    expect((await engine.status()).running).toBeUndefined();
  });
});

describe("a fork", () => {
  test("shares the generations before, goes on with another seed, and can be forked again", async () => {
    const made = await tiny.engine.fork({ run: whole.run, at: 2, seed: 9, options: { generations: 4 } });
    expect(made).toMatchObject({ finished: false, generation: 2, request: SEARCH });
    expect(await tiny.engine.fork({ run: whole.run, at: 2, seed: 9, options: { generations: 4 } })).toEqual(made);
    const events: SearchEvent[] = [];
    const fork = await resume(made.run, undefined, (event) => events.push(event));
    expect(eventsOf(events, "started")[0]?.resumedAt).toBe(2);
    expect(fork.generations.slice(0, 2)).toEqual(whole.generations.slice(0, 2));
    expect(fork.generations).toHaveLength(4);
    expect(fork.generations[2]).not.toEqual(whole.generations[2]);
    expect(fork.forks).toMatchObject([{ of: whole.run, at: 2, seed: 9 }]);
    expect((await tiny.engine.run(whole.run))?.historyHash).toBe(whole.historyHash);
    await tiny.engine.removeRun(whole.run);
    const again = await tiny.engine.fork({ run: made.run, at: 3, options: { generations: 5 } });
    const second = await resume(again.run);
    expect(second.generations.slice(0, 4)).toEqual(fork.generations);
    expect(second.forks).toHaveLength(2);
  });

  test("with nothing changed ends as the run did", async () => {
    const made = await tiny.engine.fork({ run: whole.run, at: 1 });
    expect(made.run).not.toBe(whole.run);
    expect((await resume(made.run)).historyHash).toBe(whole.historyHash);
  });

  test.each([
    [{ at: 0 }, "invalid-input"],
    [{ at: 4 }, "invalid-input"],
    [{ at: 1.5 }, "invalid-input"],
    [{ at: 3, options: { generations: 2 } }, "invalid-input"],
    [{ at: 1, options: { speed: 1 } }, "invalid-option"],
    [{ at: 1, run: "none" }, "missing-data"],
  ])("%o is refused", async (request, code) => {
    await expect(tiny.engine.fork({ run: whole.run, ...request })).rejects.toMatchObject({ code });
    expect(await tiny.engine.runs()).toHaveLength(1);
  });
});

describe("a schedule made by hand", () => {
  test("joins the next generation of a run that is continued", async () => {
    const levels = unseen();
    await tiny.engine.inject({ run: whole.run, levels });
    const longer = await resume(whole.run, 4);
    const last = longer.generations[GENERATIONS]?.population ?? [];
    expect(last.find((member) => scheduleKey(member.levels) === scheduleKey(levels))?.origin).toEqual({
      kind: "injected",
    });
    expect((await resume(whole.run)).historyHash).toBe(longer.historyHash);
  });

  test("joins a search that is running", async () => {
    const levels = unseen();
    const request = { ...SEARCH, seed: SEARCH.seed + 1 };
    let run = "";
    const result = await tiny.engine.search(
      request,
      (event) => {
        if (event.type === "started") run = event.run;
        if (event.type === "generation" && event.generation === 0) void tiny.engine.inject({ run, levels });
      },
      never(),
    );
    const injected = result.generations.map(({ population }) =>
      population.some(({ origin }) => origin.kind === "injected"),
    );
    expect(injected[0]).toBe(false);
    expect(injected.some(Boolean)).toBe(true);
  });

  test("is refused off the budget, off the stages, and for a run that is not there", async () => {
    const { run } = whole;
    const refused = (levels: readonly number[], id = run) => tiny.engine.inject({ run: id, levels });
    await expect(refused([0, 0, 0, 0])).rejects.toMatchObject({ code: "invalid-input" });
    await expect(refused([1])).rejects.toMatchObject({ code: expect.stringMatching(/invalid-input|shape-mismatch/) });
    await expect(refused(unseen(), "none")).rejects.toMatchObject({ code: "missing-data" });
  });
});

test("a run's card says what it found and takes, and keeps a name that is given", async () => {
  const { best, comparisons, space } = whole;
  const heldOut = comparisons.find(({ id }) => id === "searched")?.heldOut ?? [];
  const { outcome, bytes, name } = (await card(whole.run)) ?? {};
  expect(name).toBeUndefined();
  expect(outcome).toMatchObject({ levels: best.levels, fitness: best.fitness, maxLevel: space.maxLevel });
  expect(outcome?.heldOut).toBeCloseTo(heldOut.reduce((sum, score) => sum + score, 0) / heldOut.length, 12);
  expect(bytes).toBeGreaterThan(JSON.stringify(whole).length / 2);
  await tiny.engine.renameRun(whole.run, "  mine ");
  expect((await card(whole.run))?.name).toBe("mine");
  await tiny.engine.renameRun(whole.run, "");
  expect((await card(whole.run))?.name).toBeUndefined();
  const picture = { side: 2, pixels: Uint8ClampedArray.from({ length: 16 }, (_, i) => 16 * i) };
  await tiny.engine.keepPicture(whole.run, picture);
  expect((await card(whole.run))?.picture).toEqual(picture);
  expect((await card(whole.run))?.bytes).toBeGreaterThan(Number(bytes) + picture.pixels.length);
  for (const wrong of [{ side: 3 }, { side: 129 }, { side: 0.5 }])
    await expect(tiny.engine.keepPicture(whole.run, { ...picture, ...wrong })).rejects.toMatchObject({
      code: "invalid-input",
    });
  await tiny.engine.removeRun(whole.run);
  await expect(tiny.engine.keepPicture(whole.run, picture)).rejects.toMatchObject({ code: "missing-data" });
  await expect(tiny.engine.renameRun(whole.run, "x")).rejects.toMatchObject({ code: "missing-data" });
});

test("while another run is unfinished all evaluations stay: what it found in its round is not told yet", async () => {
  const before = await tiny.storage.list(["evaluations"]);
  await tiny.engine.fork({ run: whole.run, at: 1, seed: 9 });
  await tiny.engine.removeRun(whole.run);
  expect(await tiny.storage.list(["evaluations"])).toEqual(before);
});

test("with a run go the evaluations that no other run has", async () => {
  const evaluations = async () => (await tiny.storage.list(["evaluations"])).length;
  const before = await evaluations();
  const { run: forked } = await tiny.engine.fork({ run: whole.run, at: 2, seed: 9 });
  const fork = await resume(forked);
  const shared = await evaluations();
  expect(shared).toBeGreaterThan(before);
  await tiny.engine.removeRun(whole.run);
  const kept = await evaluations();
  expect(kept).toBeGreaterThan(0);
  expect(kept).toBeLessThan(shared);
  const scored = tiny.scored();
  expect((await resume(forked)).historyHash).toBe(fork.historyHash);
  expect(tiny.scored() - scored).toBeLessThanOrEqual(3 + 5); // dense and the baselines, and what is judged anew
  await tiny.engine.removeRun(forked);
  expect(await evaluations()).toBe(0);
});
