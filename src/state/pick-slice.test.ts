import { beforeEach, expect, test, vi } from "vitest";
import { createScriptedEngine } from "../testing/scripted-engine.ts";
import { memoryPlace } from "./place.ts";
import { selectCandidates, selectGenealogy, selectPicked } from "./select-candidates.ts";
import { createStudioStore, type StudioStore } from "./store.ts";

let store: StudioStore;
const state = () => store.getState();
const rows = () => selectCandidates(state())?.rows ?? [];
const drawn = (key: string | undefined) =>
  vi.waitFor(() => {
    const picked = selectPicked(state());
    expect([picked?.candidate.key, picked?.row.stale, picked?.row.cost !== undefined]).toEqual([key, false, true]);
  });

beforeEach(async () => {
  store = createStudioStore(
    createScriptedEngine(),
    memoryPlace("stages=4&searcher.generations=3&searcher.offspring=4&probes=2"),
  );
  await state().start();
  await state().search();
});

test("a picked candidate is drawn beside dense, and the next one replaces it", async () => {
  const [first, second] = rows().slice(-2); // not the winner, whose pictures are there already
  state().pick(first?.levels ?? []);
  await drawn(first?.key);
  state().pick(second?.levels ?? []);
  expect(selectPicked(state())?.row).toMatchObject({ stale: true, cost: undefined, fitness: second?.fitness });
  await drawn(second?.key);
  expect(state().samples.rows.candidate?.schedule).toMatchObject({ bank: state().run.space?.bank });
  state().unpick();
  expect(selectPicked(state())).toBeUndefined();
});

test("belongs to its run: another run shows none", async () => {
  state().pick(rows()[0]?.levels ?? []);
  state().set("seed", 7);
  await state().search();
  expect(selectPicked(state())).toBeUndefined();
});

test("the list marks the winner and what validation says of the finalists, and knows what each costs", () => {
  const { result } = state().run;
  expect(rows().filter(({ winner }) => winner)).toEqual([
    expect.objectContaining({ levels: result?.best.levels, rank: 1 }),
  ]);
  const finalists = new Map(result?.finalists.map(({ levels, validation }) => [levels.join(), validation]));
  const validated = rows().flatMap(({ key, validation }) => (validation === undefined ? [] : [[key, validation]]));
  expect(new Map(validated as [string, number][])).toEqual(finalists);
  expect(new Set(rows().map(({ macs }) => macs)).size).toBe(1); // one budget
  expect(rows()[0]?.macs).toBeGreaterThan(0);
  expect(selectGenealogy(state())?.chain.at(-1)?.candidate.levels).toEqual(result?.best.levels);
});
