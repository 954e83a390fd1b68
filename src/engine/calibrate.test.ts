import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sharesAt } from "../core/noise.ts";
import { normals } from "../core/rng.ts";
import type { Tensor } from "../core/tensor.ts";
import { bankId } from "../formats/bank-index.ts";
import { createNodeRuntime } from "../runtime/ort-node.ts";
import { type DeviceTensor, takeFloats } from "../runtime/runtime.ts";
import { relativeError, TOLERANCE } from "../testing/close.ts";
import { FakeRuntime } from "../testing/fake-runtime.ts";
import { drawUniform } from "../testing/tiny-dit.ts";
import { CALIBRATION, ignore, never } from "../testing/tiny-engine.ts";
import { tinyPipeline } from "../testing/tiny-pipeline.ts";
import type { CalibrateRequest } from "./api.ts";
import { bankIndex, checkRequest } from "./bank-request.ts";
import { calibrationSet, noisedItems, observe, passesFor } from "./calibrate.ts";
import type { CalibrationSet, LoadedModel } from "./load.ts";
import { Pipeline } from "./pipeline.ts";
import { allBlocks, startingSums } from "./running-sums.ts";

let runtime: FakeRuntime;
let pipeline: Pipeline;
let model: LoadedModel;
let set: CalibrationSet;
let blocks: ReadonlySet<number>;
beforeAll(async () => {
  runtime = new FakeRuntime(await createNodeRuntime({ threads: 1 }));
  pipeline = await tinyPipeline(runtime);
  model = pipeline.model;
  set = model.calibration as CalibrationSet;
  blocks = allBlocks(model.spec);
});
afterAll(async () => {
  await pipeline.free();
  expect(runtime.tensors).toEqual([]);
  await runtime.close();
});

const RANGE = { high: 499, low: 250 };
const noised = (items: number, stage = 1, seed = 1) => noisedItems(set, model.noise, RANGE, stage, items, seed);

describe("noised items", () => {
  test("are signal and noise at each item's own timestep, which lies in the stage", () => {
    const items = 24; // twice the set
    const { x, t, y } = noised(items);
    const size = x.data.length / items;
    const noise = normals(1, ["calibration", "noise", 1], items * size);
    for (let item = 0; item < items; item++) {
      const timestep = t[item] as number;
      expect(timestep).toBeGreaterThanOrEqual(RANGE.low);
      expect(timestep).toBeLessThanOrEqual(RANGE.high);
      const { a, s } = sharesAt(model.noise, timestep);
      const clean = x.data
        .subarray(item * size, (item + 1) * size)
        .map((value, i) => (value - s * (noise[item * size + i] as number)) / a);
      const source = [...set.labels.keys()].find((k) => relativeError(clean, latent(k)) < 1e-5);
      expect(source).toBeDefined();
      expect(y[item]).toBe(set.labels[source as number]);
    }
    expect(new Set(t).size).toBeGreaterThan(items / 2);
  });

  test("come from other pictures in every stage while there are any, at other times and with other noise", () => {
    const half = set.labels.length / 2;
    const labels = [noised(half, 0), noised(half, 1)].flatMap(({ y }) => [...y]);
    expect(labels.sort()).toEqual([...set.labels].sort());
    const [one, again] = [noised(8, 1), noised(8, 1 + set.labels.length)]; // once around
    expect(again.y).toEqual(one.y);
    expect(again.t).not.toEqual(one.t);
    expect(again.x.data).not.toEqual(one.x.data);
    expect(noised(8, 1)).toEqual(one);
    expect(noised(8, 1, 2).x.data).not.toEqual(one.x.data);
  });

  test("use every picture once before any comes again", () => {
    const { y } = noised(set.labels.length);
    expect([...y].sort()).toEqual([...set.labels].sort());
  });
});

describe("what is observed", () => {
  const items = 40; // two passes
  /** All rows at once: the items with their labels, then with the null label. */
  async function atOnce(statistic: "gram" | "block-change"): Promise<Record<string, Float32Array>> {
    const { x, t, y } = noised(items);
    const rows = Int32Array.from({ length: 2 * items }, (_, row) => row);
    const nulls = new Array<number>(items).fill(model.spec.numClasses);
    const latents: Tensor = {
      shape: [2 * items, ...x.shape.slice(1)],
      data: Float32Array.of(...x.data, ...x.data),
    };
    const conditioning = await pipeline.denoiser.condition(Float32Array.of(...t, ...t), Int32Array.of(...y, ...nulls));
    const sums = startingSums(model.spec.layers, model.spec, statistic);
    const row = { shape: [2 * items], data: rows };
    const found = await pipeline.denoiser.observe(statistic, blocks, latents, conditioning, row, sums);
    const values: Record<string, Float32Array> = {};
    for (const [name, value] of Object.entries(found)) values[name] = (await takeFloats(value as DeviceTensor)).data;
    return values;
  }

  test("Gram matrices are summed over all items with label and without, in passes", async () => {
    expect(passesFor(items)).toBe(2);
    let passes = 0;
    const found = await observe(pipeline, noised(items), "gram", blocks, () => passes++, never());
    expect(passes).toBe(2);
    expect(found.items).toBe(2 * items);
    const expected = await atOnce("gram");
    expect(found.grams?.size).toBe(model.spec.layers.length);
    for (const [name, { products, sum }] of found.grams ?? [])
      for (const [key, values] of [[`gram.${name}`, products] as const, [`gram.${name}.sum`, sum] as const])
        expect(relativeError(values, expected[key] as Float32Array), key).toBeLessThan(TOLERANCE.forward);
  });

  test("block changes are means over the same", async () => {
    const { change } = await observe(pipeline, noised(items), "block-change", blocks, ignore, never());
    const expected = await atOnce("block-change");
    const means = [0, 1].map((block) => {
      const values = expected[`change.${block}`] as Float32Array;
      return values.reduce((sum, value) => sum + value, 0) / values.length;
    });
    expect(relativeError(change ?? [], means)).toBeLessThan(TOLERANCE.forward);
  });
});

test("a model without latents calibrates on what it samples itself, by seed", async () => {
  const bare = new Pipeline(runtime, { ...model, calibration: undefined }, () => 0);
  const samples = (seed: number) => calibrationSet(bare, { items: 5, seed }, never());
  const first = await samples(1);
  expect(first.latents.shape).toEqual([5, 4, 8, 8]);
  for (const label of first.labels) expect(label).toBeLessThan(model.spec.numClasses);
  expect(await samples(1)).toEqual(first);
  expect((await samples(2)).latents).not.toEqual(first.latents);
  expect(await calibrationSet(pipeline, { items: 5, seed: 1 }, never())).toBe(set);
  expect(await calibrationSet(pipeline, { items: 5, seed: 1, dataFree: true }, never())).toEqual(first);
  await bare.free();
});

describe("pictures", () => {
  const count = 35; // two passes
  const pictures = {
    pixels: drawUniform(1, "pictures", [count, 3, 64, 64], 1),
    labels: Int32Array.from({ length: count }, (_, index) => index % 6), // 5 is the null label
  };
  const request: CalibrateRequest = { ...CALIBRATION, pictures };
  const first = (labels: number) => ({ pixels: pictures.pixels, labels: pictures.labels.subarray(0, labels) });

  test("are encoded in passes, whether the model has latents or not", async () => {
    const passes = runtime.runs("encoder");
    const found = await calibrationSet(pipeline, request, never());
    expect(runtime.runs("encoder") - passes).toBe(passesFor(count));
    expect(found.labels).toEqual(pictures.labels);
    const atOnce = await takeFloats(await pipeline.encode(pictures.pixels));
    expect(found.latents.shape).toEqual([count, 4, 8, 8]);
    expect(atOnce.shape).toEqual(found.latents.shape);
    expect(relativeError(found.latents.data, atOnce.data)).toBeLessThan(TOLERANCE.forward);
    await expect(calibrationSet(pipeline, request, AbortSignal.abort())).rejects.toMatchObject({ name: "AbortError" });
  });

  test("make another bank whenever one of them changes", () => {
    const id = (change: Partial<CalibrateRequest>) => bankId(bankIndex(model, { ...CALIBRATION, ...change }).recipe);
    const { pixels, labels } = pictures;
    const ids = [
      id({}),
      id({ dataFree: true }),
      id({ pictures }),
      id({ pictures: { pixels, labels: labels.with(0, 1) } }),
      id({ pictures: { pixels: { ...pixels, data: pixels.data.with(-1, 0) }, labels } }),
    ];
    expect(new Set(ids).size).toBe(ids.length);
    expect(id({ pictures: structuredClone(pictures) })).toBe(id({ pictures }));
  });

  test.each([
    [{ dataFree: true }, "invalid-input", /pictures and the model's own samples to calibrate on; choose one/],
    [{ pictures: first(3) }, "shape-mismatch", /pictures are \[35, 3, 64, 64\] with 3 labels.*\[n, 3, 64, 64\]/],
    [{ pictures: { ...pictures, labels: pictures.labels.with(2, 6) } }, "invalid-input", /label 6; use 0 … 5/],
    [{ items: 0 }, "invalid-input", /0 items/],
  ] as const)("are checked: %#", (change, code, message) => {
    const check = () => checkRequest({ ...request, ...change }, model);
    expect(check).toThrow(expect.objectContaining({ code, message: expect.stringMatching(message) }));
    expect(() => checkRequest(request, model)).not.toThrow();
  });

  test("need an encoder", () => {
    const blind = { ...model, card: { ...model.card, hasEncoder: false } };
    expect(() => checkRequest(request, blind)).toThrow(
      expect.objectContaining({ code: "missing-data", message: expect.stringMatching(/Tiny has no encoder/) }),
    );
  });
});

function latent(index: number): Float32Array {
  const size = set.latents.data.length / set.labels.length;
  return set.latents.data.subarray(index * size, (index + 1) * size);
}
