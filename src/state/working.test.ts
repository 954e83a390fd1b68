// What the title says of work: its phase and how far it is, of a search and of work beside it.

import { expect, test } from "vitest";
import { createScriptedEngine } from "../testing/scripted-engine.ts";
import { memoryPlace } from "./place.ts";
import { selectWorking } from "./select-working.ts";
import { createStudioStore } from "./store.ts";

async function ready(place = memoryPlace("stages=4&searcher.generations=2&searcher.offspring=4")) {
  const store = createStudioStore(createScriptedEngine(), place);
  await store.getState().start();
  return store;
}

test("a search is told phase by phase, and nothing once it has ended", async () => {
  const store = await ready();
  expect(selectWorking(store.getState())).toBeUndefined();
  const labels = new Set<string>();
  store.subscribe((state) => {
    const working = selectWorking(state);
    if (working) labels.add(working.label);
    if (working) expect(working.share).toBeGreaterThanOrEqual(0);
    if (working) expect(working.share).toBeLessThanOrEqual(1);
  });
  await store.getState().search();
  expect([...labels]).toEqual(["Calibrate and prune", "Baselines", "Search", "Compare"]);
  expect(selectWorking(store.getState())).toBeUndefined();
});

test("a search that is held says so", async () => {
  const store = await ready();
  store.setState(({ run }) => ({ run: { ...run, phase: "paused" } }));
  expect(selectWorking(store.getState())?.label).toBe("Search, paused");
});

test("work beside the search has its own name", async () => {
  const store = await ready();
  store.setState({ work: { kind: "sensitivity", progress: undefined, stopping: false } });
  expect(selectWorking(store.getState())).toEqual({
    what: "sensitivity",
    label: "Sensitivity",
    share: 0,
    stopping: false,
  });
});

test("what a person asked for is kept for the next visit", async () => {
  const place = memoryPlace();
  const store = await ready(place);
  expect(store.getState().comfort).toEqual({ notify: false, awake: false });
  store.getState().setComfort("awake", true);
  expect(createStudioStore(createScriptedEngine(), place).getState().comfort).toEqual({ notify: false, awake: true });
});
