import { describe, expect, test, vi } from "vitest";
import { StudioError } from "../core/errors.ts";
import type { Engine, SampleRequest } from "../engine/api.ts";
import { createScriptedEngine } from "../testing/scripted-engine.ts";
import { memoryPlace } from "./place.ts";
import { selectComparands } from "./select-comparands.ts";
import { selectComparison } from "./select-comparison.ts";
import { createStudioStore, type StudioStore } from "./store.ts";

const QUICK = "searcher.generations=2&searcher.offspring=3&probes=2";
/** A test may wait for a busy machine. */
const until = (condition: () => boolean) => vi.waitFor(() => expect(condition()).toBe(true), { timeout: 10_000 });

/** An engine that notes what it draws. */
function noting(engine: Engine = createScriptedEngine()) {
  const drawn: SampleRequest[] = [];
  const sample: Engine["sample"] = (request, ...rest) => {
    drawn.push(request);
    return engine.sample(request, ...rest);
  };
  return { drawn, engine: { ...engine, sample } };
}
async function searched(engine: Engine, hash = QUICK): Promise<StudioStore> {
  const store = createStudioStore(engine, memoryPlace(hash));
  await store.getState().start();
  await store.getState().search();
  await until(() =>
    ["dense", "uniform", "mosaic", "searched"].every((id) => store.getState().samples.rows[id as "dense"]?.grid),
  );
  return store;
}
const shown = (store: StudioStore) => selectComparison(store.getState());
const whole = (store: StudioStore) => shown(store).sides.every(({ pictures }) => pictures.every(Boolean));

describe("a comparison", () => {
  test("of a run that was looked at draws nothing again, and scores the first side's against the others'", async () => {
    const { drawn, engine } = noting();
    const store = await searched(engine);
    const before = drawn.length;
    store.getState().goTo("compare");
    expect(whole(store)).toBe(true);
    expect(drawn).toHaveLength(before);
    const { sides, labels } = shown(store);
    expect(sides.map(({ id }) => id)).toEqual(["dense", "uniform", "mosaic", "searched"]);
    expect(labels).toHaveLength(10);
    expect(sides[0]?.mean).toBeUndefined();
    for (const { mean, scores } of sides.slice(1)) {
      expect(mean?.ssim).toBeLessThan(1);
      expect(mean?.ssim).toBeCloseTo(scores.reduce((sum, score) => sum + (score?.ssim ?? 0), 0) / 10, 12);
      expect(mean?.latentError).toBeGreaterThan(0);
      expect(mean?.psnr).toBeGreaterThan(0);
    }
  });

  test("more seeds are drawn seed by seed, for all sides alike", async () => {
    const { drawn, engine } = noting();
    const store = await searched(engine);
    store.getState().goTo("compare");
    const before = drawn.length;
    store.getState().compareOn({ seeds: 2 });
    await until(() => whole(store));
    expect(drawn.slice(before).map(({ seed }) => seed)).toEqual([1, 1, 1, 1]);
    expect(shown(store).seeds).toEqual([...new Array(10).fill(0), ...new Array(10).fill(1)]);
    expect(shown(store).sides[1]?.pictures).toHaveLength(20);
  });

  test("leaving the view gives up what is not drawn", async () => {
    const store = await searched(createScriptedEngine({ pace: 1 }));
    store.getState().goTo("compare");
    store.getState().compareOn({ seeds: 4 });
    await until(() => Object.values(store.getState().gallery).some(({ grid, progress }) => !grid && progress.done > 0));
    store.getState().goTo("search");
    await until(() => Object.values(store.getState().gallery).every(({ grid }) => grid));
  });

  test("orders by disagreement, the random one by the seed", async () => {
    const store = await searched(createScriptedEngine());
    store.getState().goTo("compare");
    store.getState().compareOn({ order: "largest" });
    const { arranged, sides } = shown(store);
    const others = sides.slice(1);
    const similarity = arranged.map((index) => others.reduce((sum, { scores }) => sum + (scores[index]?.ssim ?? 0), 0));
    expect(similarity).toEqual([...similarity].sort((a, b) => a - b));
  });

  test("a schedule stands once: choosing one that stands elsewhere exchanges the two", async () => {
    const store = await searched(createScriptedEngine());
    await store.getState().setSide(0, "searched");
    expect(store.getState().compare.sides).toEqual(["searched", "uniform", "mosaic", "dense"]);
    store.getState().removeSide(1);
    expect(shown(store).sides.map(({ id, reference }) => [id, reference])).toEqual([
      ["searched", true],
      ["mosaic", false],
      ["dense", false],
    ]);
  });

  test("takes the winner of a stored run", async () => {
    const engine = createScriptedEngine();
    const first = await searched(engine, `${QUICK}&seed=1`);
    const store = await searched(engine);
    const id = `run ${first.getState().run.id}` as const;
    await store.getState().setSide(1, id);
    store.getState().goTo("compare");
    await until(() => whole(store));
    const side = shown(store).sides[1];
    expect(side?.schedule?.levels).toEqual(first.getState().run.best?.levels);
    expect(side?.id).toBe(id);
  });

  test("has the edited schedule once there is a bank for it", async () => {
    const store = createStudioStore(createScriptedEngine(), memoryPlace(QUICK));
    await store.getState().start();
    expect(selectComparands(store.getState()).map(({ id }) => id)).toEqual(["dense"]);
    await until(() => store.getState().estimate !== undefined);
    await store.getState().prepareBank();
    await until(() => selectComparands(store.getState()).length === 2);
    store.getState().openComparison(["dense", "yours"], 3, store.getState().settings);
    await until(() => whole(store));
    expect(store.getState()).toMatchObject({ view: "compare", compare: { picture: 3 } });
    expect(shown(store)).toMatchObject({ missing: [], side: 64 });
  });

  test("goes through the steps of one picture, with the stage and level of each", async () => {
    const { drawn, engine } = noting();
    const store = await searched(engine);
    store.getState().goTo("compare");
    const before = drawn.length;
    store.getState().compareOn({ picture: 3, step: 0 });
    await until(() => shown(store).sides.every(({ predicted }) => predicted.length === 20));
    expect(drawn.slice(before).map(({ first, labels, predictions }) => [first, labels.length, predictions])).toEqual(
      new Array(4).fill([3, 1, true]),
    );
    const { sides, timesteps } = shown(store);
    expect(timesteps).toHaveLength(20);
    expect(sides[0]?.stageOfStep).toEqual([]);
    expect(sides[3]?.stageOfStep.slice(0, 4)).toEqual([0, 0, 1, 1]);
    expect(sides[1]?.predicted.at(-1)).toEqual(sides[1]?.pictures[3]);
  });

  test("what fails is told once and not tried again while it is asked for", async () => {
    const { drawn, engine } = noting();
    const store = await searched({
      ...engine,
      sample: (request, ...rest) =>
        request.seed === 1
          ? engine.sample(request, ...rest).then(() => Promise.reject(new StudioError("device-lost", "worker: lost")))
          : engine.sample(request, ...rest),
    });
    const before = drawn.length;
    store.getState().goTo("compare");
    store.getState().compareOn({ seeds: 2 });
    await until(() => shown(store).sides.every(({ failed }) => failed));
    store.getState().setTheme("dark");
    expect(drawn.slice(before)).toHaveLength(4);
    expect(store.getState().session.notice?.title).toBe("Pictures to compare were not drawn");
    expect(shown(store).sides[0]?.pictures.filter(Boolean)).toHaveLength(10);
  });
});
