import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { lossOf, schedulesByLoss } from "../core/additive.ts";
import { dying } from "../testing/dying-storage.ts";
import { TINY_HEADS } from "../testing/tiny-dit.ts";
import { eventsOf, ignore, never, SEARCH, type TinyEngine } from "../testing/tiny-engine.ts";
import { tinyEngines } from "../testing/tiny-engines.ts";
import type { SearchEvent, SensitivityEvent, SensitivityRequest, SensitivityResult } from "./api.ts";

const { target: _, searcher: __, validation: ___, heldOut: ____, ...SETTING } = SEARCH;
const TABLE: SensitivityRequest = { ...SETTING, levels: 2, targets: [0.25, 0.5] };
/** The dense model, then levels 2, 3 and 4 of each stage: the last before the top is always measured. */
const SCHEDULES = 1 + 3 * SEARCH.stages;

const { open, closeAll } = tinyEngines();
let tiny: TinyEngine;
beforeEach(async () => {
  tiny = await open();
});
afterEach(closeAll);

async function measure(
  { engine }: TinyEngine,
  request: Partial<SensitivityRequest> = {},
): Promise<{ result: SensitivityResult; events: SensitivityEvent[] }> {
  const events: SensitivityEvent[] = [];
  const result = await engine.sensitivity({ ...TABLE, ...request }, (event) => events.push(event), never());
  return { result, events };
}
/** What does not depend on what was recorded before. */
const found = ({ calls: _, elapsed: __, ...rest }: SensitivityResult) => rest;

/** A search that starts from the same table. */
const STARTED = {
  ...SEARCH,
  searcher: {
    id: "evolution",
    options: { generations: 1, survivors: 2, offspring: 2, start: "sensitivity", levels: TABLE.levels },
  },
};
async function searched({ engine }: TinyEngine) {
  const events: SearchEvent[] = [];
  const result = await engine.search(STARTED, (event) => events.push(event), never());
  const table = eventsOf(events, "candidate").filter(({ candidate }) => candidate.partial);
  return { result, table };
}

describe("the table", () => {
  test("has every level of every stage, measured ones apart, and is what single schedules lose", async () => {
    const { result } = await measure(tiny);
    const { table, dense, division, maxLevel, bank } = result;
    expect(dense).toBeCloseTo(1, 5); // SSIM of pictures with themselves
    expect([table.length, division.length, maxLevel]).toEqual([SEARCH.stages, SEARCH.stages, TINY_HEADS]);
    for (const row of table) {
      expect(row.map(({ measured }) => measured)).toEqual([true, false, true, true, true]);
      expect(row[0]?.loss).toBe(0);
      const [low, between, high] = [0, 1, 2].map((level) => row[level]?.loss as number) as [number, number, number];
      expect(between).toBeGreaterThanOrEqual(Math.min(low, high));
      expect(between).toBeLessThanOrEqual(Math.max(low, high));
    }
    expect(tiny.scored()).toBe(1 + SCHEDULES); // the reference is not a schedule
    const { table: candidates } = await searched(tiny);
    expect(candidates.length).toBe(SCHEDULES);
    for (const { candidate } of candidates) {
      const stage = candidate.levels.findIndex((level) => level > 0);
      const loss = stage < 0 ? 0 : table[stage]?.[candidate.levels[stage] as number]?.loss;
      expect(dense - candidate.fitness).toBe(loss);
    }
    expect(bank).toBe((await searched(tiny)).result.space.bank);
  });

  test("says its progress, and every loss as it is known", async () => {
    const { result, events } = await measure(tiny);
    const losses = events.filter((event) => event.type === "loss");
    expect(losses.length).toBe(SCHEDULES - 1);
    for (const { stage, level, loss } of losses) expect(result.table[stage]?.[level]).toEqual({ loss, measured: true });
    const progress = events.filter((event) => event.type === "progress" && event.phase === "sensitivity");
    expect(progress.map((event) => event.type === "progress" && event.done)).toEqual([...Array(SCHEDULES).keys()]);
    expect(progress.at(-1)).toMatchObject({ total: SCHEDULES, left: expect.any(Number) });
  });

  test("needs no bank but its own", async () => {
    const { layers } = (await tiny.load()).spec;
    await measure(tiny);
    expect(tiny.factored.length).toBe(SEARCH.stages * layers.length);
  });
});

test("predictions are the table's optima on their budgets, in the order of the targets", async () => {
  const { result } = await measure(tiny, { targets: [0.75, 0.25, 0.5] });
  const losses = result.table.map((row) => row.map(({ loss }) => loss));
  expect(result.predictions.map(({ target }) => target)).toEqual([0.75, 0.25, 0.5]);
  for (const { target, sparsity, macs, levels, loss } of result.predictions) {
    const space = { numStages: SEARCH.stages, maxLevel: TINY_HEADS, budget: target * TINY_HEADS * SEARCH.stages };
    const all = [...schedulesByLoss(losses, space)].map((other) => lossOf(other, losses));
    expect(levels.reduce((sum, level) => sum + level, 0)).toBe(space.budget);
    expect(loss).toBe(Math.min(...all));
    expect(sparsity).toBeGreaterThan(0);
    expect(macs).toBeLessThan(10 * (await tiny.load()).macs);
  }
});

describe("evaluations are shared", () => {
  test("with a search that starts from the table afterwards", async () => {
    const fresh = await open();
    const alone = await searched(fresh);
    const { result } = await measure(tiny);
    const before = tiny.scored();
    const after = await searched(tiny);
    expect(after.result.historyHash).toBe(alone.result.historyHash);
    expect(fresh.scored() - (tiny.scored() - before)).toBe(SCHEDULES);
    expect(result.calls.run).toBeGreaterThan(0);
  });

  test("with a search that started from it before: no denoiser call is made", async () => {
    const { result } = await measure(tiny);
    const other = await open();
    await searched(other);
    const before = other.scored();
    const again = (await measure(other)).result;
    expect(other.scored()).toBe(before);
    expect(found(again)).toEqual(found(result));
    expect(again.calls).toEqual({ run: 0, saved: SCHEDULES * SEARCH.steps });
  });

  test("with a coarser table", async () => {
    const { result } = await measure(tiny, { levels: 4 });
    const before = tiny.scored();
    await measure(tiny);
    expect(tiny.scored() - before).toBe(1 + SEARCH.stages);
    expect(result.table[0]?.map(({ measured }) => measured)).toEqual([true, false, false, true, true]);
  });
});

test("calls are run or saved, and stages before the pruned one are sampled once", async () => {
  const { calls } = (await measure(tiny)).result;
  expect(calls.run + calls.saved).toBe((1 + SCHEDULES) * SEARCH.steps);
  expect(calls.saved).toBeGreaterThan(0.2 * SCHEDULES * SEARCH.steps);
});

describe("killed", () => {
  test.each([0, 1, SCHEDULES - 1])("after %i evaluations, it goes on from them", async (kept) => {
    const { result } = await measure(tiny);
    const mortal = await open();
    await mortal.calibrate({ ...TABLE, division: result.division, items: TABLE.calibrationItems });
    const killed = await open({ storage: dying(mortal.storage, kept) });
    await expect(measure(killed)).rejects.toThrow("killed");
    const again = await open({ storage: mortal.storage });
    expect(found((await measure(again)).result)).toEqual(found(result));
    expect(again.scored()).toBe(1 + SCHEDULES - kept);
    expect(again.factored).toEqual([]);
  });

  test("or cancelled, at once", async () => {
    const controller = new AbortController();
    const on = ({ type }: SensitivityEvent) => type === "loss" && controller.abort();
    await expect(tiny.engine.sensitivity(TABLE, on, controller.signal)).rejects.toMatchObject({ name: "AbortError" });
    expect(tiny.scored()).toBe(1 + 2); // the reference, dense, and one schedule
    expect((await tiny.engine.status()).running).toBeUndefined();
  });
});

test("pictures may be sampled meanwhile, and it may be paused", async () => {
  const { engine } = tiny;
  const order: string[] = [];
  let grid: Promise<unknown> | undefined;
  await engine.sensitivity(
    TABLE,
    ({ type }) => {
      if (type !== "loss") return;
      order.push("loss");
      if (order.length !== 2) return;
      void engine.pause(true);
      grid = engine
        .sample({ steps: 4, guidance: 2, sampler: { id: "ddim" }, labels: [0], seed: 1 }, ignore, never())
        .then(async () => {
          order.push("picture");
          await new Promise((resolve) => setTimeout(resolve, 100)); // time for several losses
          order.push("resumed");
          await engine.pause(false);
        });
    },
    never(),
  );
  await grid;
  expect(order.slice(0, 5)).toEqual(["loss", "loss", "picture", "resumed", "loss"]);
  expect(order.length).toBe(SCHEDULES + 1);
});

describe("refused before any work", () => {
  test.each<[string, Partial<SensitivityRequest>, string, RegExp]>([
    ["no targets", { targets: [] }, "invalid-input", /no targets; give one or more/],
    ["a target out of reach", { targets: [0.5, 0.01] }, "budget-unreachable", /0\.01 is 0\.04 of 4 levels/],
    ["no spacing", { levels: 0 }, "invalid-option", /levels/],
    ["no probes", { probes: 0 }, "invalid-input", /0 probes; use at least 1/],
  ])("%s", async (_, change, code, message) => {
    const before = tiny.runtime.runs();
    await expect(measure(tiny, change)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
    expect(tiny.runtime.runs()).toBe(before);
  });
});
