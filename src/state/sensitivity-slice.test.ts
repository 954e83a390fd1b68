import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { lossOf } from "../core/additive.ts";
import { StudioError } from "../core/errors.ts";
import { targets } from "../core/presets.ts";
import { createScriptedEngine } from "../testing/scripted-engine.ts";
import { openTiny, SEARCH, type TinyEngine } from "../testing/tiny-engine.ts";
import { memoryPlace } from "./place.ts";
import { selectSensitivity, selectSensitivityCost } from "./select-sensitivity.ts";
import { createStudioStore, type StudioStore } from "./store.ts";

const need = <T>(value: T | undefined): T => {
  if (value === undefined) throw new Error("nothing was measured");
  return value;
};
const mapOf = (store: StudioStore) => need(selectSensitivity(store.getState()));

describe("with the engine on a tiny model", () => {
  let tiny: TinyEngine;
  let store: StudioStore;
  beforeAll(async () => {
    tiny = await openTiny();
    store = createStudioStore(tiny.engine, memoryPlace(), tiny.bundle.base);
    await store.getState().start();
    store.getState().adopt({ ...SEARCH, target: 0.5 });
    store.getState().setSpacing(2);
    await store.getState().measureSensitivity();
    return () => tiny.engine.close();
  });

  test("the map is the engine's table, with what was measured marked", () => {
    const { losses, result } = store.getState().sensitivity;
    const map = mapOf(store);
    expect(map.losses).toBe(need(result).table);
    expect(map.losses).toHaveLength(SEARCH.stages);
    for (const { stage, level, loss } of losses) expect(map.losses[stage]?.[level]).toEqual({ loss, measured: true });
    const cost = need(selectSensitivityCost(store.getState()));
    expect(losses).toHaveLength(cost.schedules - 1); // but for the dense model
  });

  test("the optimum follows the target without measuring again", () => {
    const before = tiny.scored();
    const { predictions } = mapOf(store);
    expect(predictions.length).toBeGreaterThan(1);
    for (const { target, levels, loss } of predictions) {
      store.getState().set("target", target);
      expect(mapOf(store).optimum).toEqual({ target, levels, loss });
      expect(mapOf(store).stale).toBe(false);
    }
    expect(tiny.scored()).toBe(before);
  });

  test("another number of probes makes it stale, and measuring again is for these", async () => {
    store.getState().set("probes", 1);
    expect(mapOf(store).stale).toBe(true);
    await store.getState().measureSensitivity();
    expect(mapOf(store)).toMatchObject({ stale: false, request: { probes: 1 } });
  });
});

describe("with a script", () => {
  let store: StudioStore;
  beforeEach(async () => {
    store = createStudioStore(createScriptedEngine({ pace: 1 }), memoryPlace("stages=4"));
    await store.getState().start();
  });

  test("shows the table as it grows, with no prediction before it is whole; cancelled, it keeps what it has", async () => {
    const seen: unknown[] = [];
    const forget = store.subscribe(({ sensitivity, work, cancelWork }) => {
      if (sensitivity.losses.length < 2 || seen.length > 0) return;
      const { losses, optimum } = mapOf(store);
      seen.push(losses[3]?.[12], optimum, work?.progress?.phase);
      cancelWork();
      expect(store.getState().work?.stopping).toBe(true);
    });
    await store.getState().measureSensitivity();
    forget();
    expect(seen).toEqual([undefined, undefined, "sensitivity"]);
    expect(store.getState()).toMatchObject({ work: undefined, sensitivity: { result: undefined } });
    expect(store.getState().session.notice).toBeUndefined();
    expect(mapOf(store).losses[0]?.[3]?.measured).toBe(true);
  });

  test("the optimum loses no more than a level that is the same everywhere", async () => {
    await store.getState().measureSensitivity();
    const { optimum, losses, highest } = mapOf(store);
    const table = losses.map((row) => row.map((cell) => need(cell).loss));
    expect(need(optimum).loss).toBeCloseTo(lossOf(need(optimum).levels, table), 12);
    expect(need(optimum).loss).toBeLessThanOrEqual(lossOf([6, 6, 6, 6], table));
    expect(highest).toBe(Math.max(...table.flat()));
  });

  test("asks for the usual targets that the model's levels can reach, and for the one that is set", async () => {
    store.getState().set("target", 0.35);
    await store.getState().measureSensitivity();
    expect(mapOf(store).predictions.map(({ target }) => target)).toEqual([...targets, 0.35].sort());
  });

  test("neither a search nor a second table begins meanwhile, and the other way round", async () => {
    const measuring = store.getState().measureSensitivity();
    await store.getState().measureSensitivity(); // at once: nothing
    expect(store.getState().work?.kind).toBe("sensitivity");
    await store.getState().search();
    expect(store.getState().run.request).toBeUndefined();
    await measuring;
    const searching = store.getState().search();
    await store.getState().measureSensitivity();
    expect(store.getState().work).toBeUndefined();
    store.getState().stop();
    await searching;
  });
});

test("a failure is reported under the name of the action", async () => {
  const engine = createScriptedEngine();
  const refusal = new StudioError("out-of-memory", "probes: 9 GB are needed; choose fewer");
  const store = createStudioStore({ ...engine, sensitivity: () => Promise.reject(refusal) }, memoryPlace("stages=4"));
  await store.getState().start();
  await store.getState().measureSensitivity();
  expect(store.getState().session.notice).toMatchObject({
    title: "The sensitivity was not measured",
    code: "out-of-memory",
  });
  expect(store.getState().work).toBeUndefined();
});
