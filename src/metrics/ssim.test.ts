import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Tensor, tensor } from "../core/tensor.ts";
import { createNodeRuntime } from "../runtime/ort-node.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { scorePair } from "../testing/score-pair.ts";
import { ssim } from "./ssim.ts";

const fixture = JSON.parse(readFileSync(new URL("../testing/fixtures/ssim.json", import.meta.url), "utf8")) as {
  shape: number[];
  student: string;
  reference: string;
  scores: number[];
};

function pictures(base64: string): Tensor {
  return tensor(new Float32Array(Uint8Array.from(Buffer.from(base64, "base64")).buffer), fixture.shape);
}

const student = pictures(fixture.student);
const reference = pictures(fixture.reference);

let runtime: Runtime;
beforeAll(async () => {
  runtime = await createNodeRuntime({ threads: 1 });
});
afterAll(() => runtime.close());

describe("parity", () => {
  test("scores of pictures that are noisy, blurred, inverted, clamped, flat and unrelated", async () => {
    const scores = await scorePair(runtime, ssim, student, reference);
    expect(scores.length).toBe(fixture.scores.length);
    scores.forEach((score, i) => {
      expect(Math.abs(score - fixture.scores[i]!)).toBeLessThan(2e-6);
    });
  });
});

describe("properties", () => {
  test("a picture is exactly 1 like itself", async () => {
    for (const score of await scorePair(runtime, ssim, student, student)) expect(score).toBe(1);
  });

  test("both pictures play the same part", async () => {
    expect(await scorePair(runtime, ssim, student, reference)).toEqual(
      await scorePair(runtime, ssim, reference, student),
    );
  });

  test("an item does not depend on its batch", async () => {
    const together = await scorePair(runtime, ssim, student, reference);
    const [, ...shape] = fixture.shape;
    const size = student.data.length / together.length;
    const only = ({ data }: Tensor, i: number) => tensor(data.slice(i * size, (i + 1) * size), [1, ...shape]);
    for (let i = 0; i < together.length; i++)
      expect(await scorePair(runtime, ssim, only(student, i), only(reference, i))).toEqual([together[i]]);
  });

  test.each([Number.NaN, Infinity])("a picture with %s in it has no score", async (value) => {
    const broken = { ...student, data: student.data.slice() };
    broken.data[100] = value;
    const [first, ...others] = await scorePair(runtime, ssim, broken, reference);
    expect(first).toBeNaN();
    expect(others.every(Number.isFinite)).toBe(true);
  });

  test("more noise scores lower", async () => {
    const noise = (amount: number) => ({
      ...student,
      data: student.data.map((x, i) => x + amount * ((Math.imul(i + 1, 0x9e3779b1) >>> 0) / 2 ** 31 - 1)),
    });
    const [none, little, much] = await Promise.all(
      [0, 0.1, 0.4].map((a) => scorePair(runtime, ssim, noise(a), student)),
    );
    none!.forEach((score, i) => {
      expect(score).toBeGreaterThan(little![i]!);
      expect(little![i]).toBeGreaterThan(much![i]!);
    });
  });
});

test("without pictures or without a reference there is nothing to score", async () => {
  const scorer = await ssim.open(runtime, {}, {});
  const uploaded = runtime.upload(student);
  await expect(scorer.score({ latents: uploaded })).rejects.toThrow(
    "metric ssim: there are no pictures of the student",
  );
  await expect(scorer.score({ latents: uploaded, pictures: uploaded })).rejects.toThrow("no pictures of the reference");
  uploaded.free();
  await scorer.free();
});
