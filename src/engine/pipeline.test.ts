import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { uniformDivision } from "../core/schedule.ts";
import type { Tensor } from "../core/tensor.ts";
import { createNodeRuntime } from "../runtime/ort-node.ts";
import { takeFloats } from "../runtime/runtime.ts";
import { samplersFor } from "../samplers/index.ts";
import { relativeError, TOLERANCE } from "../testing/close.ts";
import { FakeRuntime } from "../testing/fake-runtime.ts";
import { readTensors, unpack } from "../testing/fixture.ts";
import fixture from "../testing/fixtures/dit.json" with { type: "json" };
import { drawUniform, TINY_HEADS, tinyDitFile } from "../testing/tiny-dit.ts";
import { ignore, never } from "../testing/tiny-engine.ts";
import { tinyBank, tinyPipeline } from "../testing/tiny-pipeline.ts";
import { loadModel } from "./load.ts";
import { type Batch, type OpenSchedule, Pipeline, type RolloutOptions } from "./pipeline.ts";
import { PrefixCache } from "./prefix-cache.ts";

let runtime: FakeRuntime;
let tiny: Pipeline;
let opened: Pipeline[];
beforeAll(async () => {
  runtime = new FakeRuntime(await createNodeRuntime({ threads: 1 }));
  tiny = await tinyPipeline(runtime);
  opened = [tiny];
});
afterAll(async () => {
  for (const pipeline of opened) await pipeline.free();
  expect(runtime.tensors).toEqual([]);
  expect(runtime.sessions).toEqual([]);
  await runtime.close();
});

const PLAN = { steps: 8, guidance: 2, sampler: { id: "ddim" } };

async function sample(batch: Batch, schedule?: OpenSchedule, options: Partial<RolloutOptions> = {}, plan = PLAN) {
  const rollout = await tiny.rollout(batch, schedule, plan, { signal: never(), ...options });
  return (await takeFloats(rollout.latents)).data;
}

describe("parity in float64", () => {
  test.each(fixture.sampling.runs)(
    "$steps steps of $sampler, $prediction prediction, guidance $guidance on $guidedChannels channels",
    async ({ sampler, learnedSigma, steps, prediction, guidance, guidedChannels, latents: expected }) => {
      const hints = { heads: TINY_HEADS, guidedChannels, prediction: prediction as "epsilon" | "v" };
      const bytes = tinyDitFile({ learnedSigma });
      const model = await loadModel({ kind: "file", name: "tiny", bytes, ...hints }, never as never, ignore);
      const pipeline = new Pipeline(runtime, model, () => 0);
      opened.push(pipeline);
      const noise = drawUniform(1, "start", [2, 4, 8, 8], Math.sqrt(3));
      const batch = { noise, labels: Int32Array.from(fixture.sampling.labels) };
      const plan = { steps, guidance, sampler: { id: sampler } };
      const { latents, stepTimes } = await pipeline.rollout(batch, undefined, plan, { signal: never() });
      expect(stepTimes).toHaveLength(steps);
      expect(relativeError((await takeFloats(latents)).data, unpack(expected))).toBeLessThan(TOLERANCE.rollout);
    },
  );

  test("the demo model from noise to picture (training/golden.py: 20 steps, guidance 2)", async () => {
    const golden = readTensors("src/testing/fixtures/tiny-worlds-golden.safetensors");
    const read = (path: string) => readFile(new URL(`../../${path}`, import.meta.url));
    const model = await loadModel({ kind: "bundle", base: "public/models/tiny-worlds" }, read, ignore);
    const pipeline = new Pipeline(runtime, model, () => 0);
    opened.push(pipeline);
    const batch = { noise: golden.floats("noise"), labels: golden.integers("labels") };
    const plan = { steps: 20, guidance: 2, sampler: { id: "ddim" } };
    const { latents } = await pipeline.rollout(batch, undefined, plan, { signal: never() });
    const pictures = await takeFloats(await pipeline.decode(latents));
    expect(relativeError((await takeFloats(latents)).data, golden.floats("latents").data)).toBeLessThan(
      TOLERANCE.rollout,
    );
    expect(relativeError(pictures.data, golden.floats("images").data)).toBeLessThan(TOLERANCE.rollout);
  });
});

describe("a batch", () => {
  test("draws picture k whatever comes after it, other pictures for other seeds and sets", () => {
    const [one, three] = [tiny.batch(1, "probes", [4]), tiny.batch(1, "probes", [4, 0, 4])];
    const size = one.noise.data.length;
    expect(three.noise.data.subarray(0, size)).toEqual(one.noise.data);
    const others = [three.noise.data.subarray(2 * size), tiny.batch(2, "probes", [4]).noise.data];
    others.push(tiny.batch(1, "held-out", [4]).noise.data);
    for (const other of others) expect(other).not.toEqual(one.noise.data);
  });

  test("gives each picture what it would get alone, also when labels repeat and fall", async () => {
    const batch = tiny.batch(3, "test", [3, 1, 3]);
    const together = await sample(batch);
    const size = together.length / 3;
    for (const [index, label] of [3, 1, 3].entries()) {
      const noise: Tensor = { shape: [1, 4, 8, 8], data: batch.noise.data.slice(index * size, (index + 1) * size) };
      const alone = await sample({ noise, labels: Int32Array.of(label) });
      expect(relativeError(together.subarray(index * size, (index + 1) * size), alone)).toBeLessThan(TOLERANCE.rollout);
    }
  });
});

describe("a schedule", () => {
  test("with all levels zero is the dense model to the bit", async () => {
    const bank = await tinyBank(tiny);
    const batch = tiny.batch(1, "test", [0, 1]);
    expect(await sample(batch, { bank, levels: [0, 0, 0] })).toEqual(await sample(batch));
  });

  test.each(samplersFor("v"))("shares stored prefixes of %s to the bit and skips their steps", async (id) => {
    const plan = { ...PLAN, sampler: { id } };
    const bank = await tinyBank(tiny, { division: uniformDivision(4, 1000) });
    const batch = tiny.batch(1, "test", [0, 1]);
    const prefixes = new PrefixCache(2 ** 20);
    const steps: number[] = [];
    for (const levels of [
      [1, 2, 3, 2],
      [1, 2, 3, 1],
      [1, 2, 0, 0],
      [2, 2, 3, 1],
      [1, 2, 3, 2],
    ]) {
      let count = 0;
      const shared = await sample(batch, { bank, levels }, { prefixes, onStep: () => count++ }, plan);
      steps.push(count);
      expect(shared).toEqual(await sample(batch, { bank, levels }, {}, plan));
    }
    expect(steps).toEqual([8, 2, 4, 8, 2]); // two steps in each stage
  });

  test.each(samplersFor("v"))(
    "starts from the dense trajectory of %s, to the bit, where its first levels are 0",
    async (id) => {
      const bank = await tinyBank(tiny, { division: uniformDivision(4, 1000) });
      const batch = tiny.batch(1, "test", [0, 1]);
      const plan = { ...PLAN, sampler: { id } };
      const dense = await tiny.rollout(batch, undefined, plan, { signal: never(), trajectory: true });
      dense.latents.free();
      const prefixes = new PrefixCache(0);
      prefixes.keepDense(dense.trajectory);
      for (const levels of [
        [0, 2, 3, 2],
        [0, 0, 0, 1],
      ]) {
        const begun = await sample(batch, { bank, levels }, { prefixes }, plan);
        expect(begun).toEqual(await sample(batch, { bank, levels }, {}, plan));
      }
    },
  );

  test.each(samplersFor("v"))(
    "of %s has one trajectory, whatever of it was stored, and stored latents that are too few are not taken for it",
    async (id) => {
      const plan = { ...PLAN, sampler: { id } };
      const bank = await tinyBank(tiny, { division: uniformDivision(4, 1000) });
      const batch = tiny.batch(1, "test", [0, 1]);
      const levels = [1, 2, 3, 2];
      const run = async (prefixes?: PrefixCache, trajectory = true) => {
        const options = { signal: never(), prefixes, trajectory };
        const rollout = await tiny.rollout(batch, { bank, levels }, plan, options);
        const latents = (await takeFloats(rollout.latents)).data;
        return {
          latents,
          steps: rollout.stepTimes.length,
          trajectory: rollout.trajectory.map(({ latent }) => latent.data),
        };
      };
      const fresh = await run();
      expect(fresh.trajectory).toHaveLength(PLAN.steps);
      expect(fresh.trajectory.at(-1)).toEqual(fresh.latents);
      const prefixes = new PrefixCache(2 ** 20);
      expect(await run(prefixes, false)).toEqual({ ...fresh, trajectory: [] });
      expect(await run(prefixes)).toEqual(fresh);
      expect(await run(prefixes)).toEqual({ ...fresh, steps: 2 });
      expect(await run(prefixes, false)).toEqual({ ...fresh, steps: 2, trajectory: [] });
    },
  );

  test("with fewer steps than stages runs the levels of those that it visits", async () => {
    const bank = await tinyBank(tiny, { division: uniformDivision(10, 1000) });
    const batch = tiny.batch(1, "test", [0]);
    const levels = [1, 2, 1, 2, 1, 2, 1, 2, 1, 2];
    const drawn = await sample(batch, { bank, levels });
    // 8 steps visit 999, 856, 714, 571, …: none of 699 … 600
    expect(await sample(batch, { bank, levels: levels.with(3, 0) })).toEqual(drawn);
    expect(await sample(batch, { bank, levels: levels.with(2, 0) })).not.toEqual(drawn);
  });
});

describe("a run that ends early leaves nothing on the device", () => {
  test("when it is cancelled", async () => {
    const batch = tiny.batch(1, "test", [0, 1]);
    await sample(batch);
    const before = runtime.tensors;
    const controller = new AbortController();
    const stopped = sample(batch, undefined, {
      signal: controller.signal,
      onStep: (done) => done === 3 && controller.abort(),
    });
    await expect(stopped).rejects.toMatchObject({ name: "AbortError" });
    expect(runtime.tensors).toEqual(before);
  });

  test.each(samplersFor("v"))("when the device is lost under %s", async (id) => {
    const plan = { ...PLAN, sampler: { id } };
    const batch = tiny.batch(1, "test", [0, 1]);
    await sample(batch, undefined, {}, plan);
    const before = runtime.tensors;
    for (const run of [1, 2, 3, 4, 5, 8]) {
      runtime.loseDevice(run);
      await expect(sample(batch, undefined, {}, plan)).rejects.toMatchObject({ code: "device-lost" });
      runtime.loseDevice(Number.POSITIVE_INFINITY);
      expect(runtime.tensors).toEqual(before);
    }
  });

  test("when there is no memory for a graph, and the next run works", async () => {
    const pipeline = await tinyPipeline(runtime);
    opened.push(pipeline);
    const batch = pipeline.batch(1, "test", [0]);
    for (const refused of [1, 1, 1]) {
      runtime.refuseGraphs(refused);
      const stopped = pipeline.rollout(batch, undefined, PLAN, { signal: never() });
      await expect(stopped).rejects.toMatchObject({ code: "out-of-memory" });
    }
    const { latents } = await pipeline.rollout(batch, undefined, PLAN, { signal: never() });
    expect((await takeFloats(latents)).data).toEqual(await sample(batch));
  });
});
