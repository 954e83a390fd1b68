import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { CALIBRATION, ignore, never, type TinyEngine } from "../testing/tiny-engine.ts";
import { tinyEngines } from "../testing/tiny-engines.ts";
import type { SampleEvent, SampleRequest } from "./api.ts";

const engines = tinyEngines();
let tiny: TinyEngine;
let bank: string;
beforeEach(async () => {
  tiny = await engines.open();
  bank = (await tiny.calibrate()).id;
});
afterEach(engines.closeAll);

const STEPS = 6;
const requestOf = (change: Partial<SampleRequest> = {}): SampleRequest => ({
  schedule: { division: CALIBRATION.division, levels: [1, 2, 3], bank },
  steps: STEPS,
  guidance: 2,
  sampler: { id: "ddim" },
  labels: [0, 3, 1],
  seed: 1,
  ...change,
});
async function draw(change: Partial<SampleRequest>, signal = never(), on = (_: SampleEvent) => {}) {
  const predicted: Extract<SampleEvent, { type: "prediction" }>[] = [];
  const note = (event: SampleEvent) => {
    if (event.type === "prediction") predicted.push(event);
    on(event);
  };
  return { grid: await tiny.engine.sample(requestOf(change), note, signal), predicted };
}

describe("predicted pictures", () => {
  test("come for every step in order, the last one being the result, and change nothing", async () => {
    const { grid, predicted } = await draw({ predictions: true });
    expect(predicted.map(({ step }) => step)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(predicted.every(({ pixels }) => pixels.length === 3)).toBe(true);
    expect(predicted.at(-1)?.pixels).toEqual(grid.pixels);
    expect(predicted[0]?.pixels).not.toEqual(grid.pixels);
    const plain = await tiny.engine.sample(requestOf(), ignore, never());
    expect(plain.pixels).toEqual(grid.pixels);
  });

  test("are told by none who did not ask", async () => {
    expect((await draw({})).predicted).toEqual([]);
  });

  test("of the dense model follow its own way", async () => {
    const [dense, pruned] = [await draw({ predictions: true, schedule: undefined }), await draw({ predictions: true })];
    expect(dense.predicted).toHaveLength(STEPS);
    expect(dense.predicted[0]?.pixels).not.toEqual(pruned.predicted[0]?.pixels);
  });

  test("end with an abort on the way", async () => {
    const controller = new AbortController();
    const stop = ({ type }: SampleEvent) => type === "prediction" && controller.abort();
    await expect(draw({ predictions: true }, controller.signal, stop)).rejects.toMatchObject({ name: "AbortError" });
  });
});

test("a picture alone is the one that it is among others", async () => {
  const { grid } = await draw({});
  const alone = await draw({ labels: [1], first: 2 });
  const [all, own] = [grid.pixels[2] as Uint8ClampedArray, alone.grid.pixels[0] as Uint8ClampedArray];
  // Batches of other sizes differ in the last bits of float32, so a rounding may fall the other way.
  expect(Math.max(...own.map((value, i) => Math.abs(value - (all[i] as number))))).toBeLessThanOrEqual(1);
  const first = await draw({ labels: [1] });
  expect(first.grid.pixels[0]).not.toEqual(own);
});
