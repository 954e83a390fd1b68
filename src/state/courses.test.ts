// What a person may do with a run that is there: go on, fork, add a schedule. The real engine on a tiny model.

import { afterAll, beforeAll, expect, test } from "vitest";
import { openTiny, SEARCH, type TinyEngine } from "../testing/tiny-engine.ts";
import { memoryPlace } from "./place.ts";
import { selectCandidates } from "./select-candidates.ts";
import { createStudioStore, type StudioStore } from "./store.ts";

let tiny: TinyEngine;
let store: StudioStore;
/** The run of SEARCH, finished. */
let first: string;
const state = () => store.getState();
const levelsOf = (generation: number) => state().run.generations[generation]?.population.map(({ levels }) => levels);

beforeAll(async () => {
  tiny = await openTiny();
  store = createStudioStore(tiny.engine, memoryPlace(), tiny.bundle.base);
  await state().start();
  await state().search(SEARCH);
  first = state().run.id ?? "";
});
afterAll(() => tiny.engine.close());

test("a finished run goes on to more generations, on screen from the first", async () => {
  const before = state().run.generations.length;
  await state().goOn(before + 2);
  expect(state().session.notice).toBeUndefined();
  expect(state().run).toMatchObject({ id: first, phase: "idle", result: { run: first } });
  expect(state().run.generations).toHaveLength(before + 2);
  expect(state().run.reuse?.found).toBeGreaterThan(0);
  await state().open(first);
  expect(state().run.result?.generations).toHaveLength(before + 2);
});

test("fewer generations than there are is refused, and the run stays on screen", async () => {
  await state().open(first);
  await state().goOn(1);
  expect(state().session.notice).toMatchObject({ title: "The search stopped", code: "invalid-input" });
  expect(state().run.id).toBe(first);
});

test("a fork shares what was before, says where it left, and opens again as it is", async () => {
  await state().open(first);
  const shared = [levelsOf(0), levelsOf(1)];
  await state().fork(2, 99);
  const { run } = state();
  expect(run.id).not.toBe(first);
  expect(run.forks).toEqual([expect.objectContaining({ of: first, at: 2, seed: 99 })]);
  expect([levelsOf(0), levelsOf(1)]).toEqual(shared);
  expect(run.result?.run).toBe(run.id);
  await state().open(first);
  expect(state().run.forks).toEqual([]);
  await state().open(run.id ?? "");
  expect(state().run).toMatchObject({ id: run.id, forks: run.forks });
});

test("a schedule made by hand joins the next generation; one off the budget is refused by name", async () => {
  await state().open(first);
  const { space, generations } = state().run;
  const [maxLevel, budget] = [space?.maxLevel ?? 0, space?.budget ?? 0];
  expect(await state().inject([maxLevel, maxLevel, maxLevel, maxLevel])).toBe(false);
  expect(state().session.notice).toMatchObject({ title: "The schedule was not taken", code: "invalid-input" });
  const known = new Set(selectCandidates(state())?.rows.map(({ key }) => key));
  const mine = everyLevels(maxLevel, budget).find((levels) => !known.has(levels.join())) ?? [];
  expect(await state().inject(mine)).toBe(true);
  await state().goOn(generations.length + 1);
  expect(selectCandidates(state())?.rows.find(({ levels }) => levels.join() === mine.join())?.origin.kind).toBe(
    "injected",
  );
});

test("another search starts from its winner, whatever its stages and its budget", async () => {
  await state().open(first);
  const winner = state().run.best?.levels;
  state().adopt({ ...SEARCH, stages: 2, target: 0.25 });
  await state().warmFrom(first);
  expect(state().settings.warm).toEqual([{ division: state().run.space?.division, levels: winner }]);
  await state().search();
  expect(selectCandidates(state())?.origins).toContain("warm");
  await state().warmFrom("none");
  expect(state().session.notice).toMatchObject({ title: "The earlier winner could not be read", code: "missing-data" });
  await state().warmFrom(undefined);
  expect(state().settings.warm).toBeUndefined();
});

test("a search of the run's settings is the run itself, never its fork", async () => {
  const { run } = state().session.runs.find(({ forks }) => forks.length > 0) ?? {};
  await state().open(run ?? "");
  await state().search();
  expect(state().run.id).not.toBe(run);
});

function everyLevels(maxLevel: number, budget: number): number[][] {
  const all = [0, 1, 2, 3].reduce<number[][]>(
    (begun) => begun.flatMap((levels) => Array.from({ length: maxLevel + 1 }, (_, level) => [...levels, level])),
    [[]],
  );
  return all.filter((levels) => levels.reduce((sum, level) => sum + level, 0) === budget);
}
