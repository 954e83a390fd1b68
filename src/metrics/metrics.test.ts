import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Tensor, tensor } from "../core/tensor.ts";
import { createNodeRuntime } from "../runtime/ort-node.ts";
import { createWebRuntime } from "../runtime/ort-web.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { unpack } from "../testing/fixture.ts";
import fixture from "../testing/fixtures/metrics.json" with { type: "json" };
import { scorePair } from "../testing/score-pair.ts";
import { metrics, reports } from "./index.ts";
import type { Metric } from "./metric.ts";

let cpu: Runtime;
let threads: Runtime;
let wasm: Runtime;
beforeAll(async () => {
  [cpu, threads, wasm] = await Promise.all([
    createNodeRuntime({ threads: 1 }),
    createNodeRuntime({ threads: 4 }),
    createWebRuntime({ backend: "wasm" }),
  ]);
});
afterAll(async () => {
  for (const runtime of [cpu, threads, wasm]) await runtime.close();
});

interface Case {
  /** "latent-snr raw": the metric, and the scale that it is asked for. */
  readonly name: string;
  readonly metric: Metric;
  readonly scale: string | undefined;
  readonly labels: readonly string[];
  readonly student: Tensor;
  readonly reference: Tensor;
  readonly expected: readonly number[];
}

const cases: Case[] = fixture.groups.flatMap(({ shape, cases: labels, student, reference, scores }) =>
  Object.entries(scores as Record<string, number[]>).map(([name, expected]) => {
    const [id, scale] = name.split(" ") as [string, string?];
    const pair = { student: tensor(unpack(student), shape), reference: tensor(unpack(reference), shape) };
    return { name: `${name} of [${shape.slice(1)}]`, metric: reports.get(id), scale, labels, ...pair, expected };
  }),
);

function score(runtime: Runtime, { metric, scale }: Case, student: Tensor, reference: Tensor): Promise<number[]> {
  return scorePair(runtime, metric, student, reference, {}, scale === undefined ? {} : { scale });
}

const onlyItem = ({ shape, data }: Tensor, item: number): Tensor => {
  const size = data.length / (shape[0] as number);
  return tensor(data.slice(item * size, (item + 1) * size), [1, ...shape.slice(1)]);
};

describe.each(cases)("$name", (entry) => {
  const { metric, labels, student, reference, expected } = entry;

  test("is what NumPy finds in float64, on both providers", async () => {
    for (const runtime of [cpu, wasm]) {
      const scores = await score(runtime, entry, student, reference);
      expect(scores).toHaveLength(expected.length);
      for (const [i, value] of expected.entries())
        expect(Math.abs((scores[i] as number) - value), `${labels[i]}: ${scores[i]}, not ${value}`).toBeLessThanOrEqual(
          5e-6 * Math.abs(value) + 1e-7,
        );
    }
  });

  test("stays within the range that it declares", async () => {
    const sign = metric.direction === "higher" ? 1 : -1;
    for (const value of await score(cpu, entry, student, reference)) {
      expect(sign * value).toBeGreaterThanOrEqual(metric.range[0]);
      expect(sign * value).toBeLessThanOrEqual(metric.range[1] + 1e-6);
    }
  });

  test("has bits that depend neither on the number of threads nor on the batch", async () => {
    const together = await score(cpu, entry, student, reference);
    expect(await score(threads, entry, student, reference)).toEqual(together);
    for (const [i, value] of together.entries())
      for (const runtime of [cpu, threads])
        expect(await score(runtime, entry, onlyItem(student, i), onlyItem(reference, i))).toEqual([value]);
  });

  test.each([Number.NaN, Infinity])("has none for an item with %s in it", async (value) => {
    const broken = { ...student, data: student.data.slice() };
    broken.data[1] = value;
    const [first, ...others] = await score(cpu, entry, broken, reference);
    expect(Number.isFinite(first)).toBe(false);
    expect(first).not.toBeGreaterThan(0);
    expect(others.every(Number.isFinite)).toBe(true);
  });
});

test("every metric without a network of its own has a fixture", () => {
  const known = new Set(cases.map(({ metric }) => metric));
  const missing = reports.ids.filter((id) => !known.has(reports.get(id)) && reports.get(id).networks.length === 0);
  expect(missing).toEqual(["ssim"]); // it has its own
});

const SHAPE = [1, 3, 6, 7];
const values = fc
  .array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 126, maxLength: 126 })
  .map((array) => tensor(Float32Array.from(array), SHAPE));
const moved = (from: Tensor, towards: Tensor, amount: number): Tensor =>
  tensor(
    from.data.map((value, i) => value + amount * (towards.data[i] as number)),
    from.shape,
  );

describe("the further from the dense model, the lower", () => {
  test.each(["latent-mse", "latent-abs", "latent-snr", "mse", "psnr"])("%s", async (id) => {
    const amounts = fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0.01, max: 1, noNaN: true }));
    await fc.assert(
      fc.asyncProperty(values, values, amounts, async (reference, direction, [near, more]) => {
        const [nearer] = await scorePair(cpu, reports.get(id), moved(reference, direction, near), reference);
        const [further] = await scorePair(cpu, reports.get(id), moved(reference, direction, near + more), reference);
        expect(further).toBeLessThanOrEqual((nearer as number) + 1e-6);
      }),
      { numRuns: 25 },
    );
  });

  test("latent-cosine, whatever the lengths", async () => {
    const angle = fc.double({ min: 0.05, max: 1, noNaN: true });
    await fc.assert(
      fc.asyncProperty(values, angle, angle, async (reference, first, more) => {
        // Neighbouring coordinates swapped, one with its sign changed: at a right angle.
        const { data } = reference;
        const turned = data.map((_, i) => (i % 2 ? (data[i - 1] as number) : -(data[i + 1] as number)));
        const at = (radians: number) =>
          tensor(
            data.map((x, i) => 3 * (Math.cos(radians) * x + Math.sin(radians) * (turned[i] as number))),
            SHAPE,
          );
        const score = async (radians: number) =>
          (await scorePair(cpu, reports.get("latent-cosine"), at(radians), reference))[0] as number;
        const [nearer, further] = [await score(first), await score(first + more)];
        const empty = data.every((x) => x === 0);
        expect(nearer).toBeCloseTo(empty ? 0 : Math.cos(first), 5);
        expect(further).toBeLessThanOrEqual(nearer + 1e-6);
      }),
      { numRuns: 25 },
    );
  });

  test("fft falls with blur and rises with a chequered pattern", async () => {
    const board = tensor(
      Float32Array.from({ length: 126 }, (_, i) => ((Math.floor(i / 7) + (i % 7)) % 2 ? 1 : -1)),
      SHAPE,
    );
    const slope = tensor(
      Float32Array.from({ length: 126 }, (_, i) => (i % 7) / 7 - 0.5),
      SHAPE,
    );
    const scores: number[] = [];
    for (const amount of [0, 0.01, 0.05, 0.2, 0.5])
      scores.push(...(await scorePair(cpu, reports.get("fft"), moved(slope, board, amount))));
    expect(scores).toEqual([...scores].sort((a, b) => a - b));
    expect(new Set(scores).size).toBe(scores.length);
  });
});

test("what is for reports only is no fitness", () => {
  expect(reports.ids.filter((id) => !metrics.ids.includes(id))).toEqual(["ssim-grey", "sharpness"]);
  for (const choice of ["sharpness", "ssim + 0.1 sharpness"])
    expect(() => metrics.get(choice)).toThrow(
      /sharpness is for reports, no search should please it; compare by .*ssim/,
    );
});

test.each(reports.ids)("%s of what is not there is told", async (id) => {
  const metric = reports.get(id);
  if (metric.networks.length > 0) return; // see quality.test.ts
  const scorer = await metric.open(cpu, {}, {});
  const uploaded = cpu.upload(tensor(new Float32Array(126), SHAPE));
  const both = { latents: uploaded, pictures: uploaded };
  if (metric.space === "pictures")
    await expect(scorer.score({ latents: uploaded }, both)).rejects.toThrow(
      `metric ${id}: there are no pictures of the student`,
    );
  if (metric.reference) await expect(scorer.score(both)).rejects.toThrow(`metric ${id}: there are no`);
  uploaded.free();
  await scorer.free();
});
