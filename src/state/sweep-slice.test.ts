import { beforeAll, describe, expect, test } from "vitest";
import { createScriptedEngine } from "../testing/scripted-engine.ts";
import { openTiny, SEARCH, type TinyEngine } from "../testing/tiny-engine.ts";
import { frontFile } from "./exports.ts";
import { memoryPlace } from "./place.ts";
import { parseTargets, selectFront, selectSweepTime } from "./select-front.ts";
import { createStudioStore, type StudioStore } from "./store.ts";

describe("with the engine on a tiny model", () => {
  let tiny: TinyEngine;
  let store: StudioStore;
  const state = () => store.getState();
  beforeAll(async () => {
    tiny = await openTiny();
    store = createStudioStore(tiny.engine, memoryPlace(), tiny.bundle.base);
    await state().start();
    state().adopt(SEARCH);
    state().setTargets([0.25, 0.75]);
    await state().runSweep();
    return () => tiny.engine.close();
  });

  test("each method has a line from the cheapest budget to the dense model, at equal cost", () => {
    expect(state().session.notice).toBeUndefined();
    const { lines, dense, stale } = selectFront(state()) ?? {};
    expect(stale).toBe(false);
    expect(lines?.map(({ id }) => id)).toEqual(["uniform", "mosaic", "searched"]);
    for (const { points } of lines ?? []) {
      expect(points.map(({ target }) => target)).toEqual([0.75, 0.25, 0]);
      expect(points.at(-1)).toBe(dense);
      for (const { heldOut } of points) expect(heldOut.low).toBeLessThanOrEqual(heldOut.mean);
    }
    const [uniform, , searched] = (lines ?? []).map(({ points }) => points.map(({ macs }) => macs));
    expect(searched?.[0]).toBeLessThan(searched?.[1] ?? 0);
    expect(uniform).toHaveLength(3);
  });

  test("its runs are in the library, and asked for again it scores nothing", async () => {
    const runs = selectFront(state())?.points.map(({ run }) => run);
    expect(state().session.runs.map(({ run }) => run)).toEqual(expect.arrayContaining(runs ?? [""]));
    const before = tiny.scored();
    await state().runSweep();
    expect(tiny.scored()).toBe(before);
    expect(selectFront(state())?.points).toHaveLength(2);
  });

  test("leaves as a table of one row for each method at each target, and the dense model", () => {
    const { result } = state().sweep;
    const rows = (result ? frontFile(result) : "").trimEnd().split("\r\n");
    expect(rows).toHaveLength(2 + 2 * 3);
    expect(rows[1]).toMatch(/^0,dense,0,/);
  });
});

describe("with a script", () => {
  test("points come in one by one; cancelled, it keeps those it has", async () => {
    const engine = createScriptedEngine({ pace: 1 });
    const store = createStudioStore(engine, memoryPlace("stages=4&searcher.generations=2&searcher.offspring=3"));
    const state = () => store.getState();
    await state().start();
    const seen: number[] = [];
    store.subscribe(({ sweep, work, cancelWork }) => {
      if (sweep.points.length > 0 && work && !work.stopping) cancelWork();
      seen.push(sweep.points.length);
    });
    await state().runSweep();
    expect(Math.max(...seen)).toBe(1);
    expect(state()).toMatchObject({ work: undefined, sweep: { result: undefined }, session: { notice: undefined } });
    expect(selectFront(state())?.dense).toBeUndefined();
    expect(selectFront(state())?.lines[0]?.points).toHaveLength(1);
    state().set("seed", 4);
    expect(selectFront(state())?.stale).toBe(true);
  });

  test("takes about a search for each target", async () => {
    const store = createStudioStore(createScriptedEngine(), memoryPlace());
    await store.getState().start();
    await store.getState().settle();
    const { estimate, sweep } = store.getState();
    const { search = 0, calibrate = 0 } = estimate ?? {};
    expect(selectSweepTime(store.getState())).toBe(calibrate + sweep.targets.length * search);
  });
});

describe("targets in words", () => {
  test.each([
    ["10, 20 30", [0.1, 0.2, 0.3]],
    ["50 %", [0.5]],
    ["12.5;80", [0.125, 0.8]],
  ])("%s", (text, targets) => expect(parseTargets(text)).toEqual(targets));
  test.each(["", "0", "100", "10 10", "ten", "-5", "0.1 200"])("“%s” is refused", (text) =>
    expect(parseTargets(text)).toBeUndefined(),
  );
});
