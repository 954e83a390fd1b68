import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Tensor } from "../core/tensor.ts";
import { readSafetensors, toFloat32 } from "../formats/safetensors.ts";
import { createNodeRuntime } from "../runtime/ort-node.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { scorePair } from "../testing/score-pair.ts";
import type { Networks } from "./metric.ts";
import { quality } from "./quality.ts";

function floats(path: string): ReadonlyMap<string, Tensor> {
  const { tensors } = readSafetensors(new Uint8Array(readFileSync(new URL(path, import.meta.url))));
  const entries = [...tensors].filter(([, entry]) => entry.dtype.startsWith("F"));
  return new Map(entries.map(([name, entry]) => [name, { shape: entry.shape, data: toFloat32(entry) }]));
}

// Pictures and scores of the shipped weights in float64, from training/golden.py.
const golden = floats("../testing/fixtures/tiny-worlds-golden.safetensors");
const pictures = golden.get("images") as Tensor;
const networks: Networks = { quality: floats("../../public/models/tiny-worlds/quality.safetensors") };

let runtime: Runtime;
beforeAll(async () => {
  runtime = await createNodeRuntime({ threads: 1 });
});
afterAll(() => runtime.close());

const score = (value: Tensor) => scorePair(runtime, quality, value, undefined, networks);

/** Every pixel becomes the mean of the square around it; `reach` 0 changes nothing. */
function boxBlur({ shape, data }: Tensor, reach: number): Tensor {
  const side = shape[2] as number;
  const blurred = data.map((_, i) => {
    const column = i % side;
    const row = Math.floor(i / side) % side;
    const plane = i - row * side - column;
    let sum = 0;
    let count = 0;
    for (let y = Math.max(0, row - reach); y <= Math.min(side - 1, row + reach); y++)
      for (let x = Math.max(0, column - reach); x <= Math.min(side - 1, column + reach); x++, count++)
        sum += data[plane + y * side + x] as number;
    return sum / count;
  });
  return { shape, data: blurred };
}

describe("parity", () => {
  test("scores of generated pictures in float64", async () => {
    const expected = golden.get("quality") as Tensor;
    const scores = await score(pictures);
    expect(scores.length).toBe(expected.data.length);
    scores.forEach((value, i) => {
      expect(Math.abs(value - (expected.data[i] as number))).toBeLessThan(1e-5);
    });
  });
});

describe("properties", () => {
  test("a score is a share", async () => {
    for (const value of await score({ ...pictures, data: pictures.data.map((x) => 3 * x) })) {
      expect(value).toBeGreaterThanOrEqual(0);
      expect(value).toBeLessThanOrEqual(1);
    }
  });

  test("blur lowers it, the more the stronger", async () => {
    const [sharp, soft, smeared] = await Promise.all([0, 1, 3].map((reach) => score(boxBlur(pictures, reach))));
    sharp!.forEach((value, i) => {
      expect(value).toBeGreaterThan(soft![i] as number);
      expect(soft![i]).toBeGreaterThan(smeared![i] as number);
    });
  });
});

test("a model without the network is told so", async () => {
  await expect(quality.open(runtime, {}, {})).rejects.toThrow('metric quality: the model has no network "quality"');
});
