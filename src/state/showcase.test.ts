import { expect, test, vi } from "vitest";
import { createScriptedEngine } from "../testing/scripted-engine.ts";
import { memoryPlace } from "./place.ts";
import { selectBestRows, selectGrid } from "./selectors.ts";
import type { ShownGrid, StoredRun } from "./showcase.ts";
import { createStudioStore, type StudioStore } from "./store.ts";

const QUICK = "searcher.generations=4&searcher.offspring=4&probes=2";
const searched = async (store: StudioStore) => {
  await store.getState().search();
  return store.getState().run.result ?? expect.unreachable("the search has no result");
};

/** What the scripted engine finds, as if it had come with the page. */
async function storedRun(): Promise<StoredRun> {
  const store = createStudioStore(createScriptedEngine(), memoryPlace(QUICK));
  await store.getState().start();
  const result = await searched(store);
  const grid = (cost: ShownGrid["cost"]): ShownGrid => ({ pixels: [new Uint8ClampedArray(4)], side: 1, cost });
  return { result, grids: new Map(result.comparisons.map(({ id, cost }) => [id, grid(cost)])) };
}

test("a first visit shows the stored run before any model is there, marked as stored", async () => {
  const stored = await storedRun();
  const store = createStudioStore(createScriptedEngine(), memoryPlace(), "", async () => stored);
  expect(store.getState().awaitsStored).toBe(true);
  await store.getState().showStored();
  const state = store.getState();
  expect(state.awaitsStored).toBe(false);
  expect(state.model.card).toBeUndefined();
  expect(state.run).toMatchObject({ id: undefined, elsewhere: { stored: true }, result: stored.result });
  expect(selectBestRows(state)?.rows).toHaveLength(4);
  expect(selectGrid(state).map(({ sample, stale }) => [sample?.grid?.pixels.length, stale])).toEqual(
    new Array(4).fill([1, false]),
  );
});

test("the pictures stay when its model arrives, dense is drawn anew, and nothing else is", async () => {
  const stored = await storedRun();
  const engine = createScriptedEngine();
  const sample = vi.spyOn(engine, "sample");
  const store = createStudioStore(engine, memoryPlace(), "", async () => stored);
  await store.getState().start();
  await vi.waitFor(() => expect(store.getState().samples.rows.dense?.grid?.pixels).toHaveLength(10));
  expect(store.getState().samples.rows.searched?.grid?.pixels).toHaveLength(1);
  expect(sample.mock.calls.map(([request]) => request.schedule)).toEqual([undefined]);
});

test("it gives way to a search, and does not come back after one or after it was closed", async () => {
  const stored = await storedRun();
  const [engine, place] = [createScriptedEngine(), memoryPlace()];
  const visit = async (at = place) => {
    const store = createStudioStore(engine, at, "", async () => stored);
    await store.getState().start();
    return store;
  };
  const closing = memoryPlace();
  (await visit(closing)).getState().clear();
  expect((await visit(closing)).getState().run.elsewhere).toBeUndefined();

  const first = await visit();
  const own = await searched(first);
  expect(first.getState().run.elsewhere).toBeUndefined();
  const again = await visit();
  expect(again.getState().run).toMatchObject({ id: own.run, elsewhere: undefined });
});

test("a link with settings, and a showcase that cannot be read, show the page as it is", async () => {
  const stored = await storedRun();
  const linked = createStudioStore(createScriptedEngine(), memoryPlace("seed=3"), "", async () => stored);
  expect(linked.getState().awaitsStored).toBe(false);
  await linked.getState().start();
  expect(linked.getState().run.elsewhere).toBeUndefined();
  const missing = createStudioStore(createScriptedEngine(), memoryPlace(), "", async () => {
    throw new Error("run.json: answers 404");
  });
  await missing.getState().start();
  expect(missing.getState().awaitsStored).toBe(false);
  expect(missing.getState().session.notice).toBeUndefined();
  expect(missing.getState().session.log.map(({ message }) => message)).toEqual(["run.json: answers 404"]);
});
