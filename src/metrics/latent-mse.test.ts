import { afterAll, beforeAll, expect, test } from "vitest";
import { tensor } from "../core/tensor.ts";
import { createNodeRuntime } from "../runtime/ort-node.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { scorePair } from "../testing/score-pair.ts";
import { latentMse } from "./latent-mse.ts";

let runtime: Runtime;
beforeAll(async () => {
  runtime = await createNodeRuntime({ threads: 1 });
});
afterAll(() => runtime.close());

const shape = [2, 2, 2, 3];
const student = tensor(
  Float32Array.from({ length: 24 }, (_, i) => i / 8 - 1),
  shape,
);
const reference = tensor(
  Float32Array.from({ length: 24 }, (_, i) => (i % 5) / 4),
  shape,
);

test("is minus the mean squared difference, item by item", async () => {
  const expected = [0, 1].map((item) => {
    let sum = 0;
    for (let i = item * 12; i < (item + 1) * 12; i++) sum += (student.data[i]! - reference.data[i]!) ** 2;
    return -sum / 12;
  });
  const scores = await scorePair(runtime, latentMse, student, reference);
  expect(scores.length).toBe(2);
  scores.forEach((score, i) => {
    expect(score).toBeCloseTo(expected[i]!, 6);
  });
});

test("nothing scores higher than the reference itself", async () => {
  for (const score of await scorePair(runtime, latentMse, student, student)) expect(Math.abs(score)).toBe(0);
  for (const score of await scorePair(runtime, latentMse, student, reference)) expect(score).toBeLessThan(0);
});
