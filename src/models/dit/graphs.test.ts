import { afterAll, beforeAll, describe, expect, test } from "vitest";
import manifest from "../../../public/models/tiny-worlds/manifest.json" with { type: "json" };
import type { Tensor } from "../../core/tensor.ts";
import { DENSE, Denoiser } from "../../engine/denoiser.ts";
import { stepChain } from "../../engine/fuser.ts";
import { GraphBuilder } from "../../formats/onnx.ts";
import { createNodeRuntime } from "../../runtime/ort-node.ts";
import { type Runtime, takeFloats } from "../../runtime/runtime.ts";
import { relativeError, TOLERANCE } from "../../testing/close.ts";
import { readTensors } from "../../testing/fixture.ts";
import { OUTPUT_ALONE, oneStep } from "../../testing/one-step.ts";
import { drawUniform, TINY_HEADS, tinyDit } from "../../testing/tiny-dit.ts";
import { chainGraph } from "../chain.ts";
import { dit } from "./dit.ts";

let runtime: Runtime;
beforeAll(async () => {
  runtime = await createNodeRuntime({ threads: 1 });
});
afterAll(() => runtime.close());

describe("the fused graph computes what the program computes", () => {
  const step = oneStep(700, 0.9, -0.3);
  const latent = drawUniform(1, "start", [2, 4, 8, 8], 1.5);

  test.each([
    ["guided", true, [], []],
    ["unguided", false, [], []],
    ["without block 1", true, [1], []],
    ["with biases only in block 0", false, [], [0]],
  ] as const)("%s", async (_, guided, skipped, empty) => {
    const weights = tinyDit({ learnedSigma: true });
    const spec = dit.spec(weights, { heads: TINY_HEADS });
    const parts = { guided, skipped: new Set<number>(skipped), empty: new Set<number>(empty) };
    const denoiser = new Denoiser(runtime, dit, spec, weights);
    const conditioning = await denoiser.condition(new Float32Array(3).fill(step.timestep), Int32Array.of(0, 4, 5));
    const row = { shape: [guided ? 4 : 2], data: guided ? Int32Array.of(0, 1, 2, 2) : Int32Array.of(1, 0) };
    const guidance = guided ? 3 : 1;
    const routed = { ...DENSE, ...parts };
    const next = await takeFloats((await denoiser.step({ latent, conditioning, row, guidance, step, routed })).latent);

    const chain = stepChain(dit, spec, guided, parts);
    const graph = chainGraph(dit, spec, chain, (name) => weights.get(name) as Tensor);
    const fused = { session: await runtime.load(graph, "fused"), chain };
    const inputs = { latent, conditioning, row, guidance, step, routed, fused };
    const again = await takeFloats((await denoiser.step(inputs)).latent);
    expect(relativeError(again.data, next.data)).toBeLessThan(TOLERANCE.forward);
    await fused.session.free();
    await denoiser.free();
  });
});

test("positions that the file leaves out are computed", async () => {
  const [stored, bare] = [tinyDit(), new Map(tinyDit())];
  bare.delete("pos_embed");
  const [latent, row] = [drawUniform(1, "start", [1, 4, 8, 8], 1.5), { shape: [1], data: Int32Array.of(0) }];
  const outputs: Float32Array[] = [];
  for (const weights of [stored, bare]) {
    const spec = dit.spec(weights, { heads: TINY_HEADS, latent: { height: 8, width: 8 } });
    const denoiser = new Denoiser(runtime, dit, spec, weights);
    const conditioning = await denoiser.condition(Float32Array.of(300), Int32Array.of(2));
    const inputs = { latent, conditioning, row, guidance: 1, step: OUTPUT_ALONE, routed: DENSE };
    outputs.push((await takeFloats((await denoiser.step(inputs)).latent)).data);
    await denoiser.free();
  }
  expect(outputs[1]).toEqual(outputs[0]);
});

test("the demo model's forward at timestep 500 in float64 (training/golden.py)", async () => {
  const golden = readTensors("src/testing/fixtures/tiny-worlds-golden.safetensors");
  const { table } = readTensors("public/models/tiny-worlds/dit.safetensors");
  const spec = dit.spec(table, { heads: manifest.denoiser.heads });
  const denoiser = new Denoiser(runtime, dit, spec, table);
  const labels = golden.integers("labels");
  const next = await denoiser.step({
    latent: golden.floats("noise"),
    conditioning: await denoiser.condition(new Float32Array(labels.length).fill(500), labels),
    row: { shape: [labels.length], data: Int32Array.from(labels.keys()) },
    guidance: 1,
    step: OUTPUT_ALONE,
    routed: DENSE,
  });
  const expected = golden.floats("output_t500").data;
  expect(relativeError((await takeFloats(next.latent)).data, expected)).toBeLessThan(TOLERANCE.forward);
  await denoiser.free();
});

test("a graph that does not exist is a bug", () => {
  const weights = tinyDit();
  const spec = dit.spec(weights, { heads: TINY_HEADS });
  expect(() => dit.write(new GraphBuilder("test"), spec, "blocks", new Set())).toThrow('there is no graph "blocks"');
});
