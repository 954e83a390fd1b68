// The models of the family that the page does not show, whole: epsilon with a learned variance and guidance on three
// channels, as the original DiT, and a rectified flow. Shipped weights against PyTorch in float64 (training/golden.py),
// and what pruning makes of them.

import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { maxLevelOf } from "../core/levels.ts";
import { uniformDivision } from "../core/schedule.ts";
import { createNodeRuntime } from "../runtime/ort-node.ts";
import { type Runtime, takeFloats } from "../runtime/runtime.ts";
import { relativeError, TOLERANCE } from "../testing/close.ts";
import { readTensors } from "../testing/fixture.ts";
import { OUTPUT_ALONE } from "../testing/one-step.ts";
import { ignore, never } from "../testing/tiny-engine.ts";
import { tinyBank } from "../testing/tiny-pipeline.ts";
import { DENSE } from "./denoiser.ts";
import { loadModel } from "./load.ts";
import { type OpenSchedule, Pipeline } from "./pipeline.ts";

let runtime: Runtime;
beforeAll(async () => {
  runtime = await createNodeRuntime({ threads: 1 });
});
afterAll(() => runtime.close());

const DIVISION = uniformDivision(2, 1000);

describe.each([
  ["tiny-worlds-epsilon", { prediction: "epsilon", outputChannels: 16, guidedChannels: 3 }, "ddim"],
  ["tiny-worlds-flow", { prediction: "flow", outputChannels: 8, guidedChannels: 8 }, "flow-euler"],
] as const)("%s", (name, spec, sampler) => {
  const golden = readTensors(`src/testing/fixtures/${name}-golden.safetensors`);
  const batch = { noise: golden.floats("noise"), labels: golden.integers("labels") };
  let pipeline: Pipeline;
  beforeAll(async () => {
    const read = (path: string) => readFile(new URL(`../../${path}`, import.meta.url));
    const model = await loadModel({ kind: "bundle", base: `public/models/${name}` }, read, ignore);
    pipeline = new Pipeline(runtime, model, () => 0);
  });
  afterAll(() => pipeline.free());

  async function sample(schedule?: OpenSchedule): Promise<Float32Array> {
    const { defaults, samplers } = pipeline.model.card;
    const plan = { ...defaults, sampler: { id: samplers[0] as string } };
    const { latents } = await pipeline.rollout(batch, schedule, plan, { signal: never() });
    return (await takeFloats(latents)).data;
  }

  test("is what its manifest says, with all that Tiny Worlds has", () => {
    const { card } = pipeline.model;
    expect(card.spec).toMatchObject(spec);
    expect(card.samplers[0]).toBe(sampler);
    expect(card.metrics).toContain("quality");
    expect(card.calibrationItems).toBe(512);
  });

  test("parity of one forward at timestep 500", async () => {
    const { denoiser, model } = pipeline;
    const told = model.noise.told[500] as number;
    const conditioning = await denoiser.condition(new Float32Array(2).fill(told), batch.labels);
    const row = { shape: [2], data: Int32Array.of(0, 1) };
    const inputs = { latent: batch.noise, conditioning, row, guidance: 1, step: OUTPUT_ALONE, routed: DENSE };
    const output = await takeFloats((await denoiser.step(inputs)).latent);
    expect(relativeError(output.data, golden.floats("output_t500").data)).toBeLessThan(TOLERANCE.forward);
  });

  test("parity of guided sampling from noise to latents", async () => {
    expect(relativeError(await sample(), golden.floats("latents").data)).toBeLessThan(TOLERANCE.rollout);
  });

  test("pruned by OBS it is dense to the bit at level 0, and at half of all levels near it and not the same", async () => {
    const bank = await tinyBank(pipeline, { division: DIVISION, items: 64 });
    const dense = await sample();
    expect(await sample({ bank, levels: [0, 0] })).toEqual(dense);
    const half = maxLevelOf(pipeline.model.spec, "width") / 2;
    const pruned = await sample({ bank, levels: [half, half] });
    expect(pruned.every(Number.isFinite)).toBe(true);
    const energy = dense.reduce((sum, value) => sum + value ** 2, 0);
    const error = dense.reduce((sum, value, i) => sum + (value - (pruned[i] as number)) ** 2, 0) / energy;
    expect(error).toBeGreaterThan(1e-4);
    expect(error).toBeLessThan(0.7); // other pictures of the same classes err by more than 1
  });
});
