import { afterEach, describe, expect, test, vi } from "vitest";
import { writeFolder } from "../formats/exchange/write.ts";
import { authorsFiles } from "../testing/authors-files.ts";
import { createScriptedEngine } from "../testing/scripted-engine.ts";
import { readElsewhere } from "./elsewhere.ts";
import { runFile } from "./exports.ts";
import { memoryPlace } from "./place.ts";
import { commonIndices, type FolderFile, type RunFolder } from "./run-folder.ts";
import { selectGenealogy } from "./select-candidates.ts";
import { selectCurve } from "./select-curve.ts";
import { selectAllRows, selectBestRows, selectStrip } from "./selectors.ts";
import { createStudioStore, type StudioState, type StudioStore } from "./store.ts";

type Texts = Record<string, unknown>;
const filesOf = (texts: Texts): FolderFile[] =>
  Object.entries(texts).map(([path, content]) => {
    const text = typeof content === "string" ? content : JSON.stringify(content);
    return { path, open: async () => new File([text], path, { lastModified: 1 }) };
  });
const folderOf = (name: string, texts: Texts): RunFolder => ({
  name,
  watched: false,
  files: async () => filesOf(texts),
});
/** The authors' experiment folder. */
const experiment = (files: object = authorsFiles()): Texts => ({
  ...Object.fromEntries(Object.entries(files).map(([name, json]) => [`search/${name}`, json])),
  "samples/000001.png": "b",
  "samples/000000.png": "a",
  "dense/samples/000001.png": "c",
  "logs/log.txt": "",
});

async function opened(): Promise<StudioStore> {
  const store = createStudioStore(createScriptedEngine(), memoryPlace("searcher.generations=4&probes=2"));
  await store.getState().start();
  return store;
}
const shown = (state: StudioState) => ({
  best: selectBestRows(state)?.rows.map(({ levels, fitness }) => [levels, fitness]),
  all: selectAllRows(state)?.rows.map(({ levels, fitness }) => [levels, fitness]),
  curve: selectCurve(state)?.points,
  searched: selectStrip(state)?.rows.find(({ id }) => id === "searched")?.schedule.levels,
  axis: [selectBestRows(state)?.timesteps, selectBestRows(state)?.stageOfStep],
});

describe("a folder of the authors' code", () => {
  test("becomes heatmap, curve, strip and rows of pictures, without an id and without a model", async () => {
    const store = createStudioStore(createScriptedEngine());
    await store.getState().openElsewhere(folderOf("exp", experiment()));
    const state = store.getState();
    expect(state.session.notice).toBeUndefined();
    expect(state.run).toMatchObject({ id: undefined, result: undefined, phase: "idle" });
    expect(state.run.elsewhere).toMatchObject({ name: "exp/search", problems: [] });
    expect(shown(state)).toMatchObject({ best: [[[3, 2, 1], 0.75]], searched: [3, 2, 1] });
    expect(selectBestRows(state)?.timesteps).toHaveLength(20);
    const { pictures = [] } = state.run.elsewhere ?? {};
    expect(pictures.map(({ name }) => name)).toEqual(["dense/samples", "samples"]);
    expect(commonIndices(pictures)).toEqual([1]);
    expect(await (await pictures[1]?.pictures.get(1)?.open())?.text()).toBe("b");
    expect(state.view).toBe("search");
  });

  test("is not drawn, gone on with, forked or replaced by a stored run", async () => {
    const store = await opened();
    await store.getState().search();
    await store.getState().openElsewhere(folderOf("exp", experiment()));
    const { drawRun, goOn, fork, openLast } = store.getState();
    await Promise.all([drawRun(), goOn(), fork(1, 2), openLast()]);
    expect(store.getState().run.elsewhere?.name).toBe("exp/search");
    expect(store.getState().samples.rows.searched).toBeUndefined();
    await store.getState().search();
    expect(store.getState().run.elsewhere).toBeUndefined();
  });

  test("says what disagrees, and keeps the shown run when nothing can be read", async () => {
    const files = authorsFiles();
    files["timings.json"].num_stages = 7;
    const store = await opened();
    await store.getState().openElsewhere(folderOf("exp", experiment(files)));
    expect(store.getState().run.elsewhere?.problems).toEqual(["timings.json: num_stages is 7, expected 3"]);
    await store.getState().openElsewhere(folderOf("empty", { "notes.txt": "" }));
    expect(store.getState().session.notice?.message).toContain("none of its 1 files is of a search");
    expect(store.getState().run.elsewhere?.name).toBe("exp/search");
  });
});

test("a run exported as the authors' files, or as our own, opens again as it was", async () => {
  const store = await opened();
  await store.getState().search();
  const before = shown(store.getState());
  const { result } = store.getState().run;
  if (!result) return expect.unreachable("the search has no result");
  const { space, generations, request } = result;
  const found = writeFolder({
    meta: {
      method: request.pruner.id,
      kind: "width",
      division: space.division,
      maxLevel: space.maxLevel,
      targetLevel: space.budget / request.stages,
      steps: request.steps,
      guidance: request.guidance,
      mapping: "intended",
    },
    levels: result.best.levels,
    log: {
      settings: {
        generations: 4,
        offspring: 8,
        survivors: 4,
        maxMove: 5,
        mutations: 1,
        calibrationItems: 32,
        metric: "ssim",
        compared: { mode: "final", weights: "uniform", suffix: 0.5 },
        probes: 2,
        validated: true,
        seed: 0,
      },
      generations,
      elapsed: 1,
    },
  });
  await store.getState().openElsewhere(folderOf("ours", Object.fromEntries(found)));
  const { problems } = store.getState().run.elsewhere ?? {};
  const again = shown(store.getState());
  expect(problems).toEqual([]);
  expect(again.best?.map(([levels]) => levels)).toEqual(before.best?.map(([levels]) => levels));
  expect(again.searched).toEqual(before.searched);
  expect(again.axis).toEqual(before.axis);
  // The log has six decimals.
  for (const [at, point] of (again.curve ?? []).entries())
    expect(point.best).toBeCloseTo(before.curve?.[at]?.best ?? 0, 5);
  expect(again.curve).toHaveLength(4);
  expect(selectGenealogy(store.getState())?.chain.length).toBeGreaterThan(0);

  await store.getState().openElsewhere(folderOf("x.json", { "diff-es-x.json": runFile(result) }));
  expect(shown(store.getState())).toEqual(before);
  expect(store.getState().run).toMatchObject({ id: undefined, result: { run: result.run } });
  const spoiled = runFile({ ...result, best: { ...result.best, levels: [1] } });
  await expect(readElsewhere("x", filesOf({ "diff-es-x.json": spoiled }), false)).rejects.toThrow(
    /a schedule has 1 levels, and the search 10 stages/,
  );
});

describe("a folder that is watched", () => {
  afterEach(() => vi.useRealTimers());

  test("is read again when it grows, and a file that is half written waits", async () => {
    const store = createStudioStore(createScriptedEngine());
    const { "evolution.json": log } = authorsFiles();
    let text = JSON.stringify(log);
    let opened = 0;
    const files = async (): Promise<FolderFile[]> => [
      {
        path: "evolution.json",
        async open() {
          opened++;
          return new File([text], "evolution.json", { lastModified: text.length });
        },
      },
    ];
    vi.useFakeTimers();
    await store.getState().openElsewhere({ name: "growing", watched: true, files });
    const generations = () => store.getState().run.generations.length;
    expect(generations()).toBe(1);
    text = text.slice(0, 40);
    await vi.advanceTimersByTimeAsync(3100);
    expect(generations()).toBe(1);
    text = JSON.stringify({ ...log, generations: [...log.generations, ...log.generations] });
    await vi.advanceTimersByTimeAsync(3100);
    expect(generations()).toBe(2);
    store.getState().clear();
    await vi.advanceTimersByTimeAsync(3100);
    const until = opened;
    await vi.advanceTimersByTimeAsync(9000);
    expect([opened, generations()]).toEqual([until, 0]);
  });
});
