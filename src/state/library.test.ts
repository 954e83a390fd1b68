import { expect, test, vi } from "vitest";
import { readEvolution } from "../formats/exchange/evolution.ts";
import { createScriptedEngine } from "../testing/scripted-engine.ts";
import { memoryPlace } from "./place.ts";
import { candidatesFile, referenceFiles } from "./run-exports.ts";
import { selectLibrary } from "./select-library.ts";
import { createStudioStore, type StudioStore } from "./store.ts";

/** With finished runs of these seeds, the last one shown. */
async function searched(...seeds: readonly number[]): Promise<StudioStore> {
  const store = createStudioStore(createScriptedEngine(), memoryPlace("searcher.generations=3&probes=2"));
  await store.getState().start();
  for (const seed of seeds) {
    store.getState().set("seed", seed);
    await store.getState().search();
  }
  return store;
}
const listed = (store: StudioStore) => selectLibrary(store.getState()).runs.map(({ request }) => request.seed);

test("lists the runs of the loaded model, newest first, with what they found and take", async () => {
  const store = await searched(1, 2);
  const { runs, others, bytes } = selectLibrary(store.getState());
  expect(listed(store)).toEqual([2, 1]);
  expect([others, bytes]).toEqual([0, 2000]);
  expect(runs[0]?.outcome).toMatchObject({ levels: store.getState().run.best?.levels, better: true });
});

test("a name stays, and an empty one takes it back", async () => {
  const store = await searched(1);
  const [run = ""] = selectLibrary(store.getState()).runs.map((card) => card.run);
  await store.getState().rename(run, "mine");
  expect(selectLibrary(store.getState()).runs[0]?.name).toBe("mine");
  await store.getState().rename(run, "");
  expect(selectLibrary(store.getState()).runs[0]?.name).toBeUndefined();
});

test("a removed run is hidden at once, comes back by undo, and leaves storage when that has passed", async () => {
  const store = await searched(1, 2);
  const engine = () => store.getState().session.runs.length;
  const [second = "", first = ""] = selectLibrary(store.getState()).runs.map((card) => card.run);
  await store.getState().hideRun(second);
  expect([listed(store), engine(), store.getState().run.id]).toEqual([[1], 2, undefined]);
  store.getState().undoRemoval();
  expect(listed(store)).toEqual([2, 1]);
  await store.getState().settleRemoval();
  expect(listed(store)).toEqual([2, 1]);
  // Another one hidden while the offer stands: the first leaves at once.
  await store.getState().hideRun(second);
  await store.getState().hideRun(first);
  expect([listed(store), engine(), store.getState().removing]).toEqual([[], 1, first]);
  await store.getState().settleRemoval();
  expect([engine(), store.getState().removing]).toEqual([0, undefined]);
});

test("a duplicate takes the settings, shows no run and starts nothing", async () => {
  const store = await searched(1, 2);
  const [, first] = selectLibrary(store.getState()).runs;
  const search = vi.spyOn(store.getState(), "search");
  store.getState().duplicate(first?.run ?? "");
  const { settings, run, view } = store.getState();
  expect([settings.seed, run.id, run.phase, view]).toEqual([1, undefined, "idle", "search"]);
  expect(search).not.toHaveBeenCalled();
});

test("a run's winner takes the second side of the comparison, the shown one's as the searched one", async () => {
  const store = await searched(1, 2);
  const [shown = "", other = ""] = selectLibrary(store.getState()).runs.map((card) => card.run);
  await store.getState().compareRun(other);
  expect(store.getState().view).toBe("compare");
  expect(store.getState().compare.sides[1]).toBe(`run ${other}`);
  expect(store.getState().compare.winners[`run ${other}`]?.schedule?.levels).toHaveLength(10);
  await store.getState().compareRun(shown);
  expect(store.getState().compare.sides[1]).toBe("searched");
});

test("exports hold every schedule once, and the log as the authors read it", async () => {
  const store = await searched(1);
  const result = store.getState().run.result ?? expect.unreachable("the search has no result");
  const [head = "", ...rows] = candidatesFile(result).trimEnd().split("\r\n");
  expect(head).toMatch(/^generation,rank,origin,fitness,validation,stopped,lived,stage_0,.*,stage_9$/);
  const schedules = rows.map((row) => row.split(",").slice(7).join());
  const scored = result.generations.flatMap(({ population }) => population.map(({ levels }) => levels.join()));
  expect(schedules).toEqual([...new Set(scored)]);
  const best = rows.find((row) => row.split(",")[1] === "1")?.split(",");
  expect(Number(best?.[3])).toBe(
    Math.max(...result.generations.flatMap(({ population }) => population.map(({ fitness }) => fitness))),
  );

  const files = referenceFiles(result);
  expect([...files.keys()]).toEqual(["levels_per_stage.json", "ratios_per_stage.json", "evolution.json"]);
  expect(JSON.parse(files.get("levels_per_stage.json") ?? "")["0"]).toBe(result.best.levels.at(-1));
  const log = readEvolution(files.get("evolution.json") ?? "", (problem) => expect.unreachable(problem));
  expect(log).toMatchObject({ offspring: 6, survivors: 8, planned: 3, division: result.space.division });
  expect(log?.generations.map(({ population }) => population.map(({ levels }) => levels))).toEqual(
    result.generations.map(({ population }) => population.map(({ levels }) => levels)),
  );
  const bySteps = { ...result, request: { ...result.request, budget: "steps" as const } };
  expect([...referenceFiles(bySteps).keys()]).not.toContain("evolution.json");
});
