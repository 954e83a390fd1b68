import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Tensor } from "../core/tensor.ts";
import { createNodeRuntime } from "../runtime/ort-node.ts";
import { type DeviceTensor, type Runtime, takeFloats } from "../runtime/runtime.ts";
import { relativeError, TOLERANCE } from "../testing/close.ts";
import { readTensors, unpack } from "../testing/fixture.ts";
import fixture from "../testing/fixtures/autoencoder.json" with { type: "json" };
import { tinyAutoencoder } from "../testing/tiny-autoencoder.ts";
import { drawUniform } from "../testing/tiny-dit.ts";
import { decoderGraph, encoderGraph } from "./autoencoder.ts";

let runtime: Runtime;
beforeAll(async () => {
  runtime = await createNodeRuntime({ threads: 1 });
});
afterAll(() => runtime.close());

async function run(graph: Uint8Array, input: Record<string, Tensor>, output: string): Promise<Tensor> {
  const session = await runtime.load(graph, output);
  try {
    return await takeFloats((await session.run(input))[output] as DeviceTensor);
  } finally {
    await session.free();
  }
}

describe("parity with PyTorch in float64", () => {
  test("decoder", async () => {
    const latents = drawUniform(1, "latents", [2, 4, 4, 4], 1.5);
    const pictures = await run(decoderGraph(tinyAutoencoder(4)), { latents }, "pictures");
    expect(pictures.shape).toEqual([2, 3, 32, 32]);
    expect(relativeError(pictures.data, unpack(fixture.pictures))).toBeLessThan(TOLERANCE.forward);
  });

  test("encoder", async () => {
    const pictures = drawUniform(1, "pictures", [2, 3, 32, 32], 1);
    const latents = await run(encoderGraph(tinyAutoencoder(4), 32), { pictures }, "latents");
    expect(latents.shape).toEqual([2, 4, 4, 4]);
    expect(relativeError(latents.data, unpack(fixture.latents))).toBeLessThan(TOLERANCE.forward);
  });

  test("decoder of the demo model (training/golden.py)", async () => {
    const golden = readTensors("src/testing/fixtures/tiny-worlds-golden.safetensors");
    const { table } = readTensors("public/models/tiny-worlds/autoencoder.safetensors");
    const pictures = await run(decoderGraph(table), { latents: golden.floats("latents") }, "pictures");
    const expected = golden.floats("images");
    expect(pictures.shape).toEqual(expected.shape);
    expect(relativeError(pictures.data, expected.data)).toBeLessThan(TOLERANCE.forward);
  });
});

test("a missing tensor is named", () => {
  const weights = new Map(tinyAutoencoder(4));
  weights.delete("decoder.up1.bias");
  expect(() => decoderGraph(weights)).toThrow('autoencoder: there is no "decoder.up1.bias"');
});
