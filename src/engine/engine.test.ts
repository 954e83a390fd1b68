import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Storage } from "../storage/storage.ts";
import { TinyBundle } from "../testing/tiny-bundle.ts";
import { drawUniform } from "../testing/tiny-dit.ts";
import { CALIBRATION, eventsOf, ignore, never, openTiny, SEARCH, type TinyEngine } from "../testing/tiny-engine.ts";
import type { RoutedSchedule, SampleEvent, SampleGrid, SampleRequest, SearchEvent, SearchResult } from "./api.ts";

let tiny: TinyEngine;
let opened: TinyEngine[];
beforeEach(async () => {
  opened = [];
  tiny = await open();
  await tiny.load();
});
/** Whatever a test did: closing leaves nothing on the device. */
afterEach(async () => {
  for (const { engine, runtime } of opened) {
    await engine.close();
    expect(runtime.tensors).toEqual([]);
    expect(runtime.sessions).toEqual([]);
  }
});
async function open(storage?: Storage, bundle?: TinyBundle): Promise<TinyEngine> {
  const another = await openTiny({ ...(storage && { storage }), ...(bundle && { bundle }) });
  opened.push(another);
  return another;
}

const SAMPLE: SampleRequest = { steps: 6, guidance: 2, sampler: { id: "ddim" }, labels: [0, 3], seed: 1 };
const sample = (change: Partial<SampleRequest> = {}, by = tiny): Promise<SampleGrid> =>
  by.engine.sample({ ...SAMPLE, ...change }, ignore, never());
const schedule = async (levels: readonly number[], by = tiny): Promise<RoutedSchedule> => {
  const { id } = await by.calibrate();
  return { division: CALIBRATION.division, levels, bank: id };
};

test("nothing of a search's conditions stays on the device, however it ends", async () => {
  const conditions = () => tiny.runtime.tensors.filter((origin) => origin.includes("modulation"));
  await sample();
  expect(conditions()).not.toEqual([]); // a grid is drawn again and again
  const controller = new AbortController();
  const stop = ({ type }: SearchEvent) => type === "candidate" && controller.abort();
  await expect(tiny.engine.search(SEARCH, stop, controller.signal)).rejects.toThrow();
  expect(conditions()).toEqual([]);
});

describe("sample", () => {
  test("gives one picture per label, by seed", async () => {
    const events: string[] = [];
    const note = (event: SampleEvent) => event.type === "progress" && events.push(`${event.done}/${event.total}`);
    const grid = await tiny.engine.sample(SAMPLE, note, never());
    expect(grid).toMatchObject({ side: 64, labels: [0, 3] });
    expect(grid.latents.shape).toEqual([2, 4, 8, 8]);
    expect(grid.pixels.map((pixels) => pixels.length)).toEqual([64 * 64 * 4, 64 * 64 * 4]);
    expect(grid.pixels[0]).not.toEqual(grid.pixels[1]);
    expect(events).toEqual(["1/6", "2/6", "3/6", "4/6", "5/6", "6/6"]);
    expect(await sample()).toEqual({ ...grid, cost: expect.anything() });
    expect((await sample({ seed: 2 })).pixels[0]).not.toEqual(grid.pixels[0]);
  });

  test("starts from given noise instead of the seed's", async () => {
    const noise = drawUniform(1, "noise", [2, 4, 8, 8], 1.5);
    const grid = await sample({ noise });
    expect((await sample({ noise, seed: 9 })).latents).toEqual(grid.latents);
    expect((await sample()).latents).not.toEqual(grid.latents);
  });

  test("runs a schedule from a bank that another engine stored, and says what it costs", async () => {
    const pruned = await schedule([1, 2, 3]);
    const grid = await sample({ schedule: pruned });
    expect(grid.latents).not.toEqual((await sample()).latents);
    expect(grid.cost).toMatchObject({ sparsity: 0.5, batch: 2 });
    expect(grid.cost.macs).toBeLessThan(grid.cost.denseMacs);
    const other = await open(tiny.storage);
    await other.load();
    expect((await sample({ schedule: pruned }, other)).latents).toEqual(grid.latents);
    expect(other.factored).toEqual([]);
  });

  test("cancelled in the middle, the next one works", async () => {
    const controller = new AbortController();
    const stop = (event: SampleEvent) => event.type === "progress" && event.done === 2 && controller.abort();
    const stopped = tiny.engine.sample(SAMPLE, stop, controller.signal);
    await expect(stopped).rejects.toMatchObject({ name: "AbortError" });
    expect((await sample()).pixels).toHaveLength(2);
  });

  test.each([
    ["no labels", { labels: [] }, "invalid-input", /no labels/],
    ["a label beyond the classes", { labels: [0, 5] }, "invalid-input", /label 5 .* 0 … 4/],
    ["half a label", { labels: [1.5] }, "invalid-input", /label 1\.5/],
    ["no steps", { steps: 0 }, "invalid-input", /0 steps/],
    ["a sampler that nobody knows", { sampler: { id: "euler" } }, "unknown-method", /"euler".*ddim/],
    [
      "noise of another size",
      { noise: drawUniform(1, "wrong", [2, 4, 4, 4], 1) },
      "shape-mismatch",
      /\[2, 4, 4, 4\].*\[2, 4, 8, 8\]/,
    ],
  ] as const)("refuses %s", async (_, change, code, message) => {
    await expect(sample(change)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });

  test("refuses a schedule that does not fit its bank, and a bank that does not fit the model", async () => {
    const good = await schedule([1, 1, 1]);
    const refused = (change: Partial<RoutedSchedule>, by = tiny) => sample({ schedule: { ...good, ...change } }, by);
    await expect(refused({ levels: [1, 1] })).rejects.toMatchObject({ code: "invalid-input" });
    await expect(refused({ levels: [1, 5, 1] })).rejects.toMatchObject({ code: "invalid-input" });
    await expect(refused({ bank: "none" })).rejects.toMatchObject({ code: "missing-data" });
    const other = await open(tiny.storage, new TinyBundle({ seed: 2 }));
    await other.load();
    await expect(refused({}, other)).rejects.toMatchObject({
      code: "missing-data",
      message: expect.stringContaining("another model"),
    });
    await tiny.storage.put([[["bank", good.bank, "index"], Uint8Array.of(123, 34)]]);
    const third = await open(tiny.storage);
    await third.load();
    await expect(refused({}, third)).rejects.toMatchObject({ code: "missing-data" });
  });
});

describe("while a search runs", () => {
  /** Starts a search and, at its third candidate, does something beside it. */
  async function beside(act: (running: Promise<SearchResult>, events: SearchEvent[]) => Promise<void>) {
    const events: SearchEvent[] = [];
    let third = () => {};
    const reached = new Promise<void>((resolve) => {
      third = resolve;
    });
    const running = tiny.engine.search(
      SEARCH,
      (event) => {
        events.push(event);
        if (eventsOf(events, "candidate").length === 3) third();
      },
      never(),
    );
    await Promise.race([reached, running]);
    await act(running, events);
    return running;
  }

  test("a sample gets its turn between candidates, and neither changes the other", async () => {
    const alone = await sample();
    const quiet = await open();
    await quiet.load();
    const expected = await quiet.engine.search(SEARCH, ignore, never());
    const result = await beside(async (_, events) => {
      const grids = await Promise.all([sample(), sample({ seed: 2 })]);
      expect(grids[0]?.pixels).toEqual(alone.pixels);
      expect(eventsOf(events, "candidate").length).toBeLessThan(expected.evaluations);
    });
    expect(result.historyHash).toBe(expected.historyHash);
  });

  test("other verbs are told that it is busy, and with what", async () => {
    await beside(async () => {
      expect((await tiny.engine.status()).running).toBe("search");
      const busy = { code: "busy", details: { running: "search" } };
      await expect(tiny.calibrate()).rejects.toMatchObject(busy);
      await expect(tiny.load()).rejects.toMatchObject(busy);
      await expect(tiny.engine.search(SEARCH, ignore, never())).rejects.toMatchObject(busy);
    });
    expect((await tiny.engine.status()).running).toBeUndefined();
    await tiny.calibrate();
  });

  test("a pause holds it between candidates; sampling goes on; it ends the same", async () => {
    const expected = await beside(async () => {});
    await tiny.engine.removeRun(expected.run);
    const result = await beside(async (_, events) => {
      await tiny.engine.pause(true);
      await sample(); // the candidate that was under way is finished before this
      const held = eventsOf(events, "candidate").length;
      await sample({ seed: 2 });
      await sample({ seed: 3 });
      expect(eventsOf(events, "candidate").length).toBeLessThanOrEqual(held + 1);
      const still = eventsOf(events, "candidate").length;
      await new Promise((resolve) => setTimeout(resolve, 50));
      expect(eventsOf(events, "candidate").length).toBe(still);
      expect((await tiny.engine.status()).running).toBe("search");
      await tiny.engine.pause(false);
    });
    expect(result.historyHash).toBe(expected.historyHash);
  });

  test("a paused search can be cancelled, and the pause goes with it", async () => {
    const controller = new AbortController();
    const events: SearchEvent[] = [];
    await tiny.engine.pause(true);
    const running = tiny.engine.search(SEARCH, (event) => events.push(event), controller.signal);
    setTimeout(() => controller.abort(), 5);
    await expect(running).rejects.toMatchObject({ name: "AbortError" });
    expect(eventsOf(events, "candidate")).toEqual([]);
    expect((await tiny.engine.search(SEARCH, ignore, never())).evaluations).toBeGreaterThan(0);
  });
});

describe("one after the other on the device", () => {
  test("a model that is loaded during a sample waits for it", async () => {
    const expected = await sample();
    const sampling = sample();
    const loading = tiny.load();
    expect((await sampling).pixels).toEqual(expected.pixels);
    expect((await loading).name).toBe("Tiny");
  });

  test("closing waits for a sample", async () => {
    const other = await open();
    await other.load();
    await sample({}, other);
    const sampling = sample({ seed: 2 }, other);
    const closing = other.engine.close();
    expect((await sampling).pixels).toHaveLength(2);
    await closing;
  });
});

describe("without a model", () => {
  test("verbs say what is missing", async () => {
    const { engine } = await open();
    const missing = { code: "missing-data", message: expect.stringContaining("no model") };
    await expect(engine.sample(SAMPLE, ignore, never())).rejects.toMatchObject(missing);
    await expect(engine.search(SEARCH, ignore, never())).rejects.toMatchObject(missing);
    await expect(engine.estimate(SEARCH)).rejects.toMatchObject(missing);
    expect(await engine.status()).toMatchObject({ durability: "memory", device: { backend: "cpu" } });
    expect((await engine.status()).model).toBeUndefined();
    expect(await engine.runs()).toEqual([]);
  });
});

test("an estimate counts what the search will do", async () => {
  const estimate = await tiny.engine.estimate(SEARCH);
  const { evaluations, space } = await tiny.engine.search(SEARCH, ignore, never());
  expect(estimate.evaluations).toBe(evaluations);
  expect(estimate.bank.id).toBe(space.bank);
  const made = await tiny.engine.calibrate(estimate.bank.request, ignore, never());
  expect(made).toMatchObject({ id: space.bank, reused: true });
  expect(estimate.calibrate).toBeGreaterThan(0);
  expect(estimate.dense).toBeGreaterThan(0);
  expect(estimate.search).toBeGreaterThan(estimate.dense);
  const stored = await Promise.all((await tiny.storage.list(["bank"])).map((key) => tiny.storage.get(key)));
  const bytes = stored.reduce((sum, record) => sum + (record?.byteLength ?? 0), 0);
  expect(estimate.bankBytes / bytes).toBeGreaterThan(0.5);
  expect(estimate.bankBytes / bytes).toBeLessThan(1.1);
});
