import { describe, expect, test, vi } from "vitest";
import { StudioError } from "../core/errors.ts";
import type { Engine, SampleRequest } from "../engine/api.ts";
import { createScriptedEngine } from "../testing/scripted-engine.ts";
import { selectPresets } from "./editor-presets.ts";
import { memoryPlace } from "./place.ts";
import { selectDraft, selectDraftBank, selectDraftCost } from "./select-draft.ts";
import { selectSketchRows } from "./select-sketch.ts";
import type { SketchRow } from "./sketch-slice.ts";
import { createStudioStore, type StudioStore } from "./store.ts";

const EXPLORE = "view=explore&stages=4";

async function opened(engine: Engine = createScriptedEngine(), hash = EXPLORE) {
  const place = memoryPlace(hash);
  const store = createStudioStore(engine, place);
  await store.getState().start();
  return { place, store, state: () => store.getState(), levels: () => levelsOf(store) };
}
const levelsOf = (store: StudioStore) => selectDraft(store.getState())?.levels;
const until = (condition: () => boolean) => vi.waitFor(() => expect(condition()).toBe(true), { timeout: 10_000 });
/** An engine whose samples are counted. */
function counted() {
  const engine = createScriptedEngine();
  const requests: SampleRequest[] = [];
  const sample: Engine["sample"] = (request, on, signal) => {
    if (request.sketch) requests.push(request);
    return engine.sample(request, on, signal);
  };
  return { engine: { ...engine, sample }, requests };
}
/** With its bank, and the first pictures drawn. */
async function prepared(engine: Engine = createScriptedEngine()) {
  const studio = await opened(engine);
  await until(() => studio.state().estimate !== undefined);
  await studio.state().prepareBank();
  await until(() => studio.state().sketch.rows.yours?.grid !== undefined);
  return studio;
}

describe("levels", () => {
  test("begin uniform, and moving one keeps the budget", async () => {
    const { state, levels } = await opened();
    expect(levels()).toEqual([6, 6, 6, 6]);
    state().setLevel(1, 9);
    expect(levels()).toEqual([5, 9, 5, 5]);
    expect(selectDraft(state())).toMatchObject({ excess: 0, onBudget: true });
  });

  test("of one gesture depend on where it ends alone, and are taken back at once", async () => {
    const { state, levels } = await opened();
    for (const level of [8, 12, 7]) state().setLevel(1, level);
    state().endGesture();
    expect(levels()).toEqual([5, 7, 6, 6]);
    state().undo();
    expect(levels()).toEqual([6, 6, 6, 6]);
    state().redo();
    expect(levels()).toEqual([5, 7, 6, 6]);
  });

  test("a gesture that ends where it began leaves nothing to take back", async () => {
    const { state } = await opened();
    state().setLevel(1, 8);
    state().setLevel(1, 6);
    state().endGesture();
    expect(state().editor.history).toMatchObject({ past: [], future: [] });
  });

  test("of locked stages stay; what is impossible is cut and said", async () => {
    const { state, levels } = await opened();
    for (const stage of [0, 2]) state().toggleLock(stage);
    state().setLevel(0, 9);
    expect(levels()).toEqual([6, 6, 6, 6]);
    expect(state().editor.said).toBe("Stage 1 is locked; unlock it to change its level.");
    state().setLevel(1, 11);
    expect(levels()).toEqual([6, 11, 6, 1]);
    state().toggleLock(3);
    state().setLevel(1, 12);
    expect(levels()).toEqual([6, 11, 6, 1]);
    expect(state().editor.said).toBe(
      "Stage 2 stops at level 11: the other unlocked stages have no more levels to give.",
    );
    state().undo();
    expect(selectDraft(state())?.locked).toEqual(new Set([0, 2]));
  });

  test("that are free change the budget, and come back to it", async () => {
    const { state, levels } = await opened();
    state().setFree(true);
    state().setLevel(3, 12);
    expect(levels()).toEqual([6, 6, 6, 12]);
    expect(selectDraft(state())).toMatchObject({ excess: 6, onBudget: false });
    state().setFree(false);
    expect(selectDraft(state())).toMatchObject({ excess: 0, onBudget: true });
  });

  test("follow other settings without a loss", async () => {
    const { state, levels } = await opened();
    state().setLevel(0, 12);
    state().endGesture();
    const before = levels();
    state().set("target", 0.25);
    expect(levels()?.reduce((sum, level) => sum + level, 0)).toBe(12);
    state().set("stages", 8);
    expect(levels()).toHaveLength(8);
    expect(levels()?.reduce((sum, level) => sum + level, 0)).toBe(24);
    state().set("stages", 4);
    state().set("target", 0.5);
    expect(levels()).toEqual(before);
  });

  test("cost what they spend", async () => {
    const { state } = await opened();
    const uniform = selectDraftCost(state());
    expect(uniform).toMatchObject({ sparsity: 0.5, time: undefined });
    state().setFree(true);
    state().setLevel(0, 12);
    const more = selectDraftCost(state());
    expect(more?.macs).toBeLessThan(uniform?.macs as number);
    expect(more?.parameters).toBeLessThan(uniform?.parameters as number);
  });
});

describe("schedules to start from", () => {
  test("all keep the budget, and each can be taken", async () => {
    const { state, levels } = await opened();
    await state().search();
    const presets = selectPresets(state());
    expect(presets.map(({ id }) => id)).toEqual(expect.arrayContaining(["uniform", "mosaic", "searched", "front"]));
    for (const preset of presets) {
      state().takeLevels(preset.levels);
      expect(levels()).toEqual(preset.levels);
      expect(state().editor.history.now.free).toBe(false);
    }
  });

  test("from text: off the budget they are free, of other stages they are carried over", async () => {
    const { state, levels } = await opened();
    state().takeText('{"0": 1, "1": 2, "2": 3, "3": 4}');
    expect(levels()).toEqual([4, 3, 2, 1]);
    expect(state().editor.history.now.free).toBe(true);
    state().takeText("12, 0");
    expect(levels()).toEqual([12, 12, 0, 0]);
    expect(state().editor.said).toBe("2 levels were carried over to 4 stages.");
    state().takeText("nonsense");
    expect(levels()).toEqual([12, 12, 0, 0]);
    expect(state().session.notice).toMatchObject({ code: "invalid-input", title: "The levels were not taken" });
  });

  test("are taken to where they are edited", async () => {
    const { state, levels } = await opened(undefined, "stages=4");
    state().editLevels([12, 6, 6, 0]);
    expect(state().view).toBe("explore");
    expect(levels()).toEqual([12, 6, 6, 0]);
  });

  test("come with a link and go into it", async () => {
    const { place, state, levels } = await opened(undefined, `${EXPLORE}&levels=9-5-5-5`);
    expect(levels()).toEqual([9, 5, 5, 5]);
    state().setLevel(0, 8);
    state().endGesture();
    expect(place.readHash()).toBe("view=explore&levels=8-6-5-5&stages=4");
    place.openLink("view=explore&levels=0-12-12-0&stages=4");
    expect(levels()).toEqual([0, 12, 12, 0]);
  });
});

describe("pictures", () => {
  test("wait for the bank, which is the one that a search will use", async () => {
    const { engine, requests } = counted();
    const { state } = await opened(engine);
    await until(() => state().estimate !== undefined);
    expect(selectDraftBank(state())).toEqual({ id: "bank-obs-4", card: undefined });
    expect(requests).toEqual([]);
    await state().prepareBank();
    await until(() => state().sketch.rows.yours?.grid !== undefined);
    expect(requests).toMatchObject([{ schedule: { bank: "bank-obs-4", levels: [6, 6, 6, 6] } }]);
  });

  test("follow every change, scored beside the dense ones; the last change wins", async () => {
    const { state } = await prepared();
    for (const level of [7, 8, 9, 12]) state().setLevel(0, level);
    await until(() => state().sketch.rows.yours?.grid?.pixels !== undefined);
    const [dense, yours] = selectSketchRows(state());
    expect(dense).toMatchObject({ id: "dense", fresh: 10 });
    expect(yours).toMatchObject({ id: "yours", fresh: 10, drawing: undefined });
    expect(state().sketch.rows.yours?.levels).toEqual([12, 4, 4, 4]);
    expect(yours?.pixels).toEqual(state().sketch.rows.yours?.grid?.pixels);
    expect(yours?.scores).toMatchObject({ metric: "SSIM" });
    expect(yours?.scores?.latentError).toBeGreaterThan(0);
    expect(selectDraftCost(state())?.time).toBeGreaterThan(0);
  });

  test("show a few of the new schedule while the others are of the old one", async () => {
    const { store, state } = await prepared();
    const before = state().sketch.rows.yours?.pixels;
    const seen: SketchRow[] = [];
    store.subscribe(({ sketch: { rows } }) => rows.yours?.fresh === 2 && seen.push(rows.yours));
    state().setLevel(0, 12);
    await until(() => seen.length > 0);
    const [{ pixels, grid } = {}] = seen;
    expect(pixels?.slice(2)).toEqual(before?.slice(2));
    expect(pixels?.slice(0, 2)).not.toEqual(before?.slice(0, 2));
    expect(grid).toBeUndefined();
  });

  test("of another schedule stand beside them", async () => {
    const { state } = await prepared();
    state().compareWith("mosaic");
    await until(() => state().sketch.rows.reference?.grid !== undefined);
    expect(selectSketchRows(state()).map(({ id }) => id)).toEqual(["dense", "mosaic", "yours"]);
    state().compareWith(undefined);
    expect(selectSketchRows(state()).map(({ id }) => id)).toEqual(["dense", "yours"]);
  });

  test("are drawn on demand where they are not to follow", async () => {
    const { engine, requests } = counted();
    const { state } = await prepared(engine);
    state().setLive(false);
    state().setLevel(0, 12);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(requests).toHaveLength(1);
    await state().drawSketch();
    expect(requests).toHaveLength(2);
  });

  test("that fail say so once", async () => {
    const error = new StudioError("out-of-memory", "sample: no room");
    const scripted = createScriptedEngine();
    const sketch = vi.fn(() => Promise.reject(error));
    const sample: Engine["sample"] = (request, on, signal) =>
      request.sketch ? sketch() : scripted.sample(request, on, signal);
    const { state } = await opened({ ...scripted, sample });
    await until(() => state().estimate !== undefined);
    await state().prepareBank();
    await until(() => state().session.notice?.code === "out-of-memory");
    state().dismiss();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(state().session.notice).toBeUndefined();
    expect(sketch).toHaveBeenCalledTimes(1);
  });
});

describe("a running search", () => {
  test("takes the schedule, or says why not", async () => {
    const scripted = createScriptedEngine();
    const inject = vi.fn<Engine["inject"]>().mockResolvedValueOnce();
    inject.mockRejectedValueOnce(new StudioError("invalid-input", "inject: the budget is 24"));
    const { state } = await opened({ ...scripted, inject });
    await state().search();
    state().setLevel(0, 9);
    await state().tryInSearch();
    expect(inject).toHaveBeenCalledWith({ run: state().run.id, levels: [9, 5, 5, 5] });
    expect(state().editor.said).toContain("joins the next generation");
    await state().tryInSearch();
    expect(state().session.notice).toMatchObject({ title: "The schedule was not taken" });
  });
});
