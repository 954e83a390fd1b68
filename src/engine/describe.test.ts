import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Tensor } from "../core/tensor.ts";
import { distributions } from "../metrics/distribution/index.ts";
import { featureNetwork } from "../models/feature-network.ts";
import { createNodeRuntime } from "../runtime/ort-node.ts";
import { relativeError, TOLERANCE } from "../testing/close.ts";
import { FakeRuntime } from "../testing/fake-runtime.ts";
import { readTensors } from "../testing/fixture.ts";
import { ignore } from "../testing/tiny-engine.ts";
import { decodedBatches } from "./decoded.ts";
import { describePictures, type PictureBatch } from "./describe.ts";
import { loadModel } from "./load.ts";
import { momentsOf, readStatistics, writeStatistics } from "./statistics-file.ts";

// Pictures and features of the shipped weights in float64, from training/golden.py.
const golden = readTensors("src/testing/fixtures/tiny-worlds-golden.safetensors");
const { table } = readTensors("public/models/tiny-worlds/classifier.safetensors");
const pictures = golden.floats("images");
const network = featureNetwork(table, pictures.shape[2] as number);

let runtime: FakeRuntime;
beforeAll(async () => {
  runtime = new FakeRuntime(await createNodeRuntime({ threads: 1 }));
});
afterAll(async () => {
  expect(runtime.tensors).toEqual([]);
  expect(runtime.sessions).toEqual([]);
  await runtime.close();
});

/** One picture at a time. */
async function* oneByOne({ shape, data }: Tensor): AsyncGenerator<PictureBatch> {
  const size = data.length / (shape[0] as number);
  for (let i = 0; i < data.length; i += size)
    yield { pictures: { shape: [1, ...shape.slice(1)], data: data.slice(i, i + size) } };
}
const described = () => describePictures(runtime, network, oneByOne(pictures));

test("features are PyTorch's, and so is their mean", async () => {
  const { rows, gaussian, splits } = await described();
  const { data, shape } = golden.floats("features");
  expect(relativeError(rows.data, data)).toBeLessThan(TOLERANCE.forward);
  const [count, d] = shape as [number, number];
  const means = Array.from({ length: d }, (_, i) => {
    const column = data.filter((_, k) => k % d === i);
    return column.reduce((sum, value) => sum + value, 0) / count;
  });
  expect(relativeError(gaussian.mean, means)).toBeLessThan(TOLERANCE.forward);
  expect(splits[0]?.count).toBe(count);
});

test("no pictures are told", async () => {
  const none = { shape: [0, 3, 64, 64], data: new Float32Array(0) };
  await expect(describePictures(runtime, network, oneByOne(none))).rejects.toThrow("there are no pictures; give some");
});

test("a file keeps moments to the bit and features in half precision", async () => {
  const statistics = await described();
  const again = readStatistics("file", writeStatistics(statistics, network), network);
  expect(again.gaussian).toEqual(statistics.gaussian);
  expect(relativeError(again.rows.data, statistics.rows.data)).toBeLessThan(2 ** -11);
  expect(distributions.get("fid").measure(statistics, again).value).toBeLessThan(1e-6);
});

test("a file of another network is refused, and so is one without statistics", async () => {
  const file = writeStatistics(await described(), network);
  const other = featureNetwork(readTensors("public/models/tiny-worlds/quality.safetensors").table, 64);
  expect(() => readStatistics("file", file, other)).toThrow("file: was made with other weights of tiny-classifier");
  const calibration = readFileSync("public/models/tiny-worlds/calibration.safetensors");
  expect(() => readStatistics("file", calibration, network)).toThrow(
    "file: has no statistics; make them with evaluate",
  );
  expect(() => featureNetwork(new Map(), 64)).toThrow("features: these 0 tensors are of no known network");
});

describe("latents", () => {
  const open = () =>
    loadModel(
      { kind: "bundle", base: "public/models/tiny-worlds" },
      async (path) => new Uint8Array(readFileSync(path)),
      ignore,
    );

  test("are seen as the pictures that would be saved", async () => {
    const labels = golden.integers("labels");
    const found: PictureBatch[] = [];
    for await (const batch of decodedBatches(runtime, await open(), golden.floats("latents"), labels))
      found.push(batch);
    expect(found.map((batch) => batch.labels)).toEqual([labels]);
    for (const [i, value] of (found[0] as PictureBatch).pictures.data.entries()) {
      const clamped = Math.min(1, Math.max(-1, pictures.data[i] as number));
      expect(Math.abs(value - clamped)).toBeLessThan(0.51 / 127.5);
      expect(Math.abs((value + 1) * 127.5 - Math.round((value + 1) * 127.5))).toBeLessThan(1e-4);
    }
  });

  test("of another model are refused", async () => {
    const other = { shape: [1, 4, 8, 8], data: new Float32Array(256) };
    await expect(decodedBatches(runtime, await open(), other).next()).rejects.toThrow(
      "latents are [1, 4, 8, 8], Tiny Worlds has [N, 8, 8, 8]; give latents of this model",
    );
  });
});

test("moments of another network are refused", () => {
  const array = (...shape: number[]) => ({ shape, data: new Float64Array(shape.reduce((a, b) => a * b)) });
  expect(momentsOf("x.npz", array(64), array(64, 64), network).mean).toHaveLength(64);
  expect(() => momentsOf("x.npz", array(2048), array(2048, 2048), network)).toThrow(
    "x.npz: mu is [2048] and sigma [2048, 2048], but tiny-classifier has 64 features",
  );
});

test("the shipped statistics are of the shipped classifier and of 10,000 pictures", () => {
  const bytes = readFileSync("public/models/tiny-worlds/statistics.safetensors");
  const { gaussian, rows } = readStatistics("statistics", bytes, network);
  expect(gaussian.count).toBe(10_000);
  expect(rows.data).toHaveLength(2_000 * network.dimension);
});
