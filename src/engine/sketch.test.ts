import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { relativeError, TOLERANCE } from "../testing/close.ts";
import { CALIBRATION, ignore, never, type TinyEngine } from "../testing/tiny-engine.ts";
import { tinyEngines } from "../testing/tiny-engines.ts";
import type { SampleEvent, SampleGrid, SampleRequest, Sketch } from "./api.ts";

const engines = tinyEngines();
let tiny: TinyEngine;
let bank: string;
beforeEach(async () => {
  tiny = await engines.open();
  bank = (await tiny.calibrate()).id;
});
afterEach(engines.closeAll);

const LABELS = [0, 3, 1];
const SKETCH: Sketch = { parts: [1, 2], metric: { id: "latent-mse" } };
const STEPS = 6;
const requestOf = (levels: readonly number[], sketch: Sketch | undefined = SKETCH): SampleRequest => ({
  schedule: { division: CALIBRATION.division, levels, bank },
  steps: STEPS,
  guidance: 2,
  sampler: { id: "ddim" },
  labels: LABELS,
  seed: 1,
  sketch,
});
async function draw(levels: readonly number[], sketch?: Sketch, signal = never(), on = (_: SampleEvent) => {}) {
  const events: SampleEvent[] = [];
  const note = (event: SampleEvent) => {
    events.push(event);
    on(event);
  };
  const grid = await tiny.engine.sample(requestOf(levels, sketch), note, signal);
  return { grid, events, pictures: events.filter((event) => event.type === "pictures") };
}
const same = (a: SampleGrid, b: SampleGrid) =>
  expect(relativeError(a.latents.data, b.latents.data)).toBeLessThan(TOLERANCE.rollout);

describe("a sketch", () => {
  test("shows a part before it draws the next, and has what a whole drawing has", async () => {
    const { grid, events, pictures } = await draw([1, 2, 3]);
    same(grid, await tiny.engine.sample({ ...requestOf([1, 2, 3]), sketch: undefined }, ignore, never()));
    expect(pictures.map(({ first, pixels }) => [first, pixels.length])).toEqual([
      [0, 1],
      [1, 2],
    ]);
    expect(pictures.flatMap(({ pixels }) => pixels)).toEqual(grid.pixels);
    const shown = events.findIndex(({ type }) => type === "pictures");
    const begun = events.findIndex((event) => event.type === "progress" && event.done > STEPS);
    expect(shown).toBeLessThan(begun);
  });

  test("runs from the first changed stage on, and comes to what a fresh one comes to", async () => {
    await draw([1, 2, 3]);
    const { grid, events } = await draw([1, 2, 1]);
    expect(grid.timed.map(({ level }) => level)).toEqual([1, 1]); // two steps visit the last stage
    expect(events.filter(({ type }) => type === "progress")).toHaveLength(2 * 2);
    const fresh = await engines.open({ storage: tiny.storage });
    same(grid, await fresh.engine.sample(requestOf([1, 2, 1]), ignore, never()));
  });

  test("goes on where a cancelled one had come to", async () => {
    const controller = new AbortController();
    const stop = (event: SampleEvent) => event.type === "progress" && event.done === 5 && controller.abort();
    await draw([0, 0, 1]);
    await expect(draw([1, 2, 3], SKETCH, controller.signal, stop)).rejects.toMatchObject({ name: "AbortError" });
    const { events } = await draw([1, 2, 1]);
    const [first] = events;
    expect(first).toMatchObject({ type: "progress", done: 5 });
  });

  test("is scored against the dense model on its own pictures", async () => {
    const dense = await tiny.engine.sample({ ...requestOf([0, 0, 0]), schedule: undefined }, ignore, never());
    const { grid } = await draw([2, 2, 2]);
    const size = dense.latents.data.length / LABELS.length;
    const errors = LABELS.map((_, picture) => {
      let sum = 0;
      for (let i = picture * size; i < (picture + 1) * size; i++)
        sum += ((grid.latents.data[i] as number) - (dense.latents.data[i] as number)) ** 2;
      return -sum / size;
    });
    expect(relativeError(grid.scores as readonly number[], errors)).toBeLessThan(TOLERANCE.rollout);
    expect((await draw([0, 0, 0])).grid.scores?.every((score) => Math.abs(score) < 1e-12)).toBe(true);
  });

  test("of other noise begins anew", async () => {
    await draw([1, 2, 3]);
    const other = await tiny.engine.sample({ ...requestOf([1, 2, 3]), seed: 2 }, ignore, never());
    expect(other.timed).toHaveLength(STEPS);
  });

  test("refuses parts that are not all of the pictures", async () => {
    await expect(draw([1, 2, 3], { ...SKETCH, parts: [1, 1] })).rejects.toMatchObject({
      code: "invalid-input",
      message: "sample: parts of [1, 1] pictures for 3 labels; they must add up to as many",
    });
  });
});
