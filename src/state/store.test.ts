import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { StudioError } from "../core/errors.ts";
import type { Engine, EngineStatus } from "../engine/api.ts";
import { createScriptedEngine } from "../testing/scripted-engine.ts";
import { memoryPlace } from "./place.ts";
import { selectCurve } from "./select-curve.ts";
import { selectBestRows, selectGrid, selectPlan, selectProblem, selectUnfinished } from "./selectors.ts";
import { createStudioStore, type StudioStore } from "./store.ts";

const QUICK = "searcher=evolution&searcher.generations=4&searcher.offspring=4&probes=2";

async function opened(engine: Engine = createScriptedEngine(), hash = QUICK): Promise<StudioStore> {
  const store = createStudioStore(engine, memoryPlace(hash));
  await store.getState().start();
  return store;
}
const until = (condition: () => boolean) => vi.waitFor(() => expect(condition()).toBe(true));
const gridOf = (store: StudioStore, id: "dense" | "uniform" | "mosaic" | "searched") =>
  store.getState().samples.rows[id]?.grid;

describe("a first visit", () => {
  test("loads the demo, draws the dense row and estimates", async () => {
    const store = await opened();
    await until(() => gridOf(store, "dense") !== undefined && store.getState().estimate !== undefined);
    expect(store.getState().model.card?.name).toBe("Tiny Worlds");
    expect(gridOf(store, "dense")?.pixels).toHaveLength(10);
    expect(selectProblem(store.getState())).toBeUndefined();
    expect(selectPlan(store.getState())).toMatchObject({ maxLevel: 12, level: 6, budget: 60, sparsity: 0.5 });
  });

  test("a link with wrong values says so and goes on", async () => {
    const store = await opened(createScriptedEngine(), "stages=999");
    expect(store.getState().session.notice?.message).toContain("999");
    expect(store.getState().model.card).toBeDefined();
  });
});

describe("settings", () => {
  test("go to the address", async () => {
    const place = memoryPlace();
    const store = createStudioStore(createScriptedEngine(), place);
    store.getState().set("seed", 5);
    expect(place.readHash()).toBe("seed=5");
    expect(place.recall("settings")).toBe("seed=5");
    store.getState().set("seed", 0);
    expect(place.readHash()).toBe("");
  });

  test("an unreachable budget is named before a start", async () => {
    const store = await opened();
    store.getState().set("target", 0.01);
    expect(selectProblem(store.getState())).toMatch(/budget: a target sparsity of 0.01/);
    store.getState().set("target", 0.5);
    store.getState().set("stages", 30);
    expect(selectProblem(store.getState())).toMatch(/30 stages need at least 30 sampling steps/);
  });

  test("a sampler of other predictions than the model's is named before a start", async () => {
    const store = await opened();
    store.getState().choose("sampler", "flow-euler");
    expect(selectProblem(store.getState())).toMatch(/Tiny Worlds cannot be sampled by Flow Euler; choose another/);
    store.getState().choose("sampler", "dpm-solver");
    expect(selectProblem(store.getState())).toBeUndefined();
  });
});

describe("a search", () => {
  test("fills heatmap, curve and every row of the grid, and ends with a verdict", async () => {
    const store = await opened();
    await store.getState().search();
    const { run } = store.getState();
    expect(run.phase).toBe("idle");
    expect(run.result?.verdict.better).toBe(true);
    expect(selectBestRows(store.getState())?.rows).toHaveLength(4);
    expect(selectCurve(store.getState())?.points.map(({ generation }) => generation)).toEqual([1, 2, 3, 4]);
    await until(() => gridOf(store, "searched") !== undefined && gridOf(store, "mosaic") !== undefined);
    const rows = selectGrid(store.getState());
    expect(rows.map(({ id }) => id)).toEqual(["dense", "uniform", "mosaic", "searched"]);
    expect(rows.at(-1)?.heldOut).toBeGreaterThan(0);
    expect(rows.at(-1)?.speedUp).toBeGreaterThan(1);
    expect(store.getState().samples.rows.searched?.schedule?.levels).toEqual(run.best?.levels);
  });

  test("a run stored before there was a choice of storage opens, and goes on as the same run", async () => {
    const engine = createScriptedEngine();
    const [earlier, later] = [await opened(engine), await opened(engine)];
    await earlier.getState().search();
    const { id = "", request } = earlier.getState().run;
    expect(request && "storage" in JSON.parse(JSON.stringify(request))).toBe(false);
    later.getState().set("storage", "f16");
    await later.getState().open(id);
    expect(later.getState().settings.storage).toBeUndefined();
    expect(selectProblem(later.getState())).toBeUndefined();
    expect(JSON.stringify(later.getState().settings)).toBe(JSON.stringify(request));
  });

  test("every shown schedule keeps the budget", async () => {
    const store = await opened();
    await store.getState().search();
    for (const { levels } of selectBestRows(store.getState())?.rows ?? [])
      expect(levels.reduce((sum, level) => sum + level, 0)).toBe(60);
  });

  test("selectors return the same object until what they read changes", async () => {
    const store = await opened();
    await store.getState().search();
    const before = [selectBestRows(store.getState()), selectGrid(store.getState())];
    store.getState().setTheme("dark");
    expect([selectBestRows(store.getState()), selectGrid(store.getState())]).toEqual(before);
    expect(selectBestRows(store.getState())).toBe(before[0]);
  });

  test("on a software GPU no speed-up is shown", async () => {
    const store = await opened(createScriptedEngine({ device: { software: true, backend: "webgpu" } }));
    await store.getState().search();
    await until(() => gridOf(store, "searched") !== undefined);
    expect(selectGrid(store.getState()).every(({ speedUp }) => speedUp === undefined)).toBe(true);
  });

  test("pauses, goes on, stops, continues where it stopped", async () => {
    const engine = createScriptedEngine({ pace: 2 });
    const place = memoryPlace(QUICK);
    const store = createStudioStore(engine, place);
    await store.getState().start();
    const search = store.getState().search();
    await until(() => store.getState().run.generations.length >= 1);
    await store.getState().pause();
    expect(store.getState().run.phase).toBe("paused");
    await store.getState().resume();
    await until(() => store.getState().run.generations.length >= 2);
    store.getState().stop();
    await search;
    const kept = store.getState().run.generations.length;
    expect(store.getState().session.notice).toBeUndefined();
    expect(selectUnfinished(store.getState())).toBe(true);

    const later = createStudioStore(engine, place);
    await later.getState().start();
    expect(selectUnfinished(later.getState())).toBe(true);
    expect(later.getState().run.generations).toHaveLength(kept);
    await later.getState().search();
    expect(later.getState().run.generations).toHaveLength(4);
    expect(selectUnfinished(later.getState())).toBe(false);
  });

  test("a reload brings a finished run back, pictures included", async () => {
    const engine = createScriptedEngine();
    const place = memoryPlace(QUICK);
    const first = createStudioStore(engine, place);
    await first.getState().start();
    await first.getState().search();
    const second = createStudioStore(engine, place);
    await second.getState().start();
    expect(second.getState().run.result).toEqual(first.getState().run.result);
    await until(() => gridOf(second, "searched") !== undefined);
    expect(gridOf(second, "searched")?.pixels).toEqual(gridOf(first, "searched")?.pixels);
  });
});

describe("failures", () => {
  const lost = new StudioError("device-lost", "worker: the GPU went away; reload");

  test("a failed search keeps what it found and says what to do", async () => {
    const store = await opened(createScriptedEngine({ fail: { search: lost }, failAfter: 2 }));
    await store.getState().search();
    const { run, session } = store.getState();
    expect(session.notice).toMatchObject({ code: "device-lost", title: "The search stopped" });
    expect(session.notice?.advice).toContain("Continue");
    expect(run.generations).toHaveLength(2);
    expect(selectUnfinished(store.getState())).toBe(true);
    store.getState().dismiss();
    expect(store.getState().session.notice).toBeUndefined();
    expect(store.getState().session.log).toHaveLength(1);
    await store.getState().search();
    expect(store.getState().run.result).toBeDefined();
  });

  test("a broken file leaves the loaded model and its pictures", async () => {
    const store = await opened();
    await until(() => gridOf(store, "dense") !== undefined);
    store.getState().offerFile({ name: "cut.safetensors", bytes: new Uint8Array(12) });
    await store.getState().loadFile({});
    expect(store.getState().session.notice?.message).toContain("cut.safetensors: the file has 12 bytes");
    expect(store.getState().model.card?.name).toBe("Tiny Worlds");
    expect(store.getState().model.file).toBeUndefined();
    expect(gridOf(store, "dense")).toBeDefined();
  });

  test("a model without a decoder gets a metric that it can serve", async () => {
    const store = await opened();
    store.getState().offerFile({ name: "bare.safetensors", bytes: new Uint8Array(128) });
    await store.getState().loadFile({ heads: 6 });
    expect(store.getState().settings.metric.id).toBe("latent-mse");
    expect(selectPlan(store.getState())?.maxLevel).toBe(6);
  });
});

describe("storage that fails during a search", () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  test("is told while the search stands still, once", async () => {
    const scripted = createScriptedEngine();
    let durability: EngineStatus["durability"] = "best-effort";
    const engine: Engine = {
      ...scripted,
      search: () => new Promise(() => {}),
      status: async () => ({ ...(await scripted.status()), durability }),
    };
    const store = await opened(engine);
    void store.getState().search();
    durability = "memory";
    await vi.advanceTimersByTimeAsync(2500);
    expect(store.getState().session.status?.durability).toBe("memory");
    expect(store.getState().session.notice).toMatchObject({ code: "storage-full" });
    store.getState().dismiss();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(store.getState().session.notice).toBeUndefined();
  });
});

describe("superseded work", () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  test("a run stays with its model, and so does a metric that another model cannot serve", async () => {
    const store = await opened();
    await store.getState().search();
    const { id } = store.getState().run;
    store.getState().offerFile({ name: "bare.safetensors", bytes: new Uint8Array(128) });
    await store.getState().loadFile({});
    expect(store.getState().run).toMatchObject({ id: undefined, result: undefined, comparisons: [] });
    expect(store.getState().settings.metric.id).toBe("latent-mse");
    expect(store.getState().session.runs).toHaveLength(1);
    await store.getState().loadDemo();
    expect(store.getState().settings.metric.id).toBe("ssim");
    await store.getState().openLast();
    expect(store.getState().run.id).toBe(id);
  });

  test("of two loads only the later one counts", async () => {
    const store = createStudioStore(createScriptedEngine({ pace: 10 }), memoryPlace());
    const first = store.getState().loadDemo();
    store.getState().offerFile({ name: "later.safetensors", bytes: new Uint8Array(128) });
    const second = store.getState().loadFile({});
    await vi.runAllTimersAsync();
    await Promise.all([first, second]);
    expect(store.getState().model.card?.name).toBe("later.safetensors");
    expect(store.getState().session.notice).toBeUndefined();
  });
});
