import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Tensor } from "../core/tensor.ts";
import { createNodeRuntime } from "../runtime/ort-node.ts";
import { type DeviceTensor, type Runtime, takeFloats } from "../runtime/runtime.ts";
import { relativeError, TOLERANCE } from "../testing/close.ts";
import { readTensors } from "../testing/fixture.ts";
import { judgeGraph } from "./classifier.ts";
import type { WeightTable } from "./model.ts";

// Pictures, features and scores of the shipped weights in float64, from training/golden.py.
const golden = readTensors("src/testing/fixtures/tiny-worlds-golden.safetensors");
const pictures = golden.floats("images");

let runtime: Runtime;
beforeAll(async () => {
  runtime = await createNodeRuntime({ threads: 1 });
});
afterAll(() => runtime.close());

async function judge(weights: WeightTable): Promise<{ readonly features: Tensor; readonly output: Tensor }> {
  const session = await runtime.load(judgeGraph(weights, pictures.shape[2] as number), "judge");
  const { features, output } = await session.run({ pictures });
  const found = {
    features: await takeFloats(features as DeviceTensor),
    output: await takeFloats(output as DeviceTensor),
  };
  await session.free();
  return found;
}

describe("parity with PyTorch in float64", () => {
  test("features and class logits", async () => {
    const { features, output } = await judge(readTensors("public/models/tiny-worlds/classifier.safetensors").table);
    expect(features.shape).toEqual(golden.floats("features").shape);
    expect(output.shape).toEqual(golden.floats("logits").shape);
    expect(relativeError(features.data, golden.floats("features").data)).toBeLessThan(TOLERANCE.forward);
    expect(relativeError(output.data, golden.floats("logits").data)).toBeLessThan(TOLERANCE.forward);
  });

  test("quality is the logistic of the one logit", async () => {
    const { output } = await judge(readTensors("public/models/tiny-worlds/quality.safetensors").table);
    const quality = output.data.map((logit) => 1 / (1 + Math.exp(-logit)));
    expect(relativeError(quality, golden.floats("quality").data)).toBeLessThan(TOLERANCE.forward);
  });
});

test("a missing tensor is named", () => {
  expect(() => judgeGraph(new Map(), 64)).toThrow('judge: there is no "features.0.weight"');
});
