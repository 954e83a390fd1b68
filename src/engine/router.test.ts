import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { columnsInOrder, type Factor, materialise } from "../core/factor.ts";
import { type TimestepRange, uniformDivision } from "../core/schedule.ts";
import type { Tensor } from "../core/tensor.ts";
import { writeSafetensors } from "../formats/safetensors.ts";
import type { PrunableLayer } from "../models/model.ts";
import { createNodeRuntime } from "../runtime/ort-node.ts";
import { takeFloats } from "../runtime/runtime.ts";
import { openMemory } from "../storage/memory.ts";
import type { Key } from "../storage/storage.ts";
import { relativeError, TOLERANCE } from "../testing/close.ts";
import { FakeRuntime } from "../testing/fake-runtime.ts";
import { OUTPUT_ALONE } from "../testing/one-step.ts";
import { TinyBundle } from "../testing/tiny-bundle.ts";
import { tinyDit } from "../testing/tiny-dit.ts";
import { never } from "../testing/tiny-engine.ts";
import { tinyBank, tinyPipeline } from "../testing/tiny-pipeline.ts";
import type { CalibrationStage } from "./api.ts";
import { Bank } from "./bank.ts";
import { noisedItems } from "./calibrate.ts";
import { DENSE, type Routed } from "./denoiser.ts";
import type { CalibrationSet } from "./load.ts";
import type { Pipeline } from "./pipeline.ts";
import { Router } from "./router.ts";

let runtime: FakeRuntime;
let pipeline: Pipeline;
let bank: Bank;
beforeAll(async () => {
  runtime = new FakeRuntime(await createNodeRuntime({ threads: 1 }));
  pipeline = await tinyPipeline(runtime);
  bank = await tinyBank(pipeline, { items: 32 });
});
afterAll(async () => {
  await pipeline.free();
  expect(runtime.tensors).toEqual([]);
  expect(runtime.sessions).toEqual([]);
  await runtime.close();
});

const STEPS = 6;
async function sample(by: Pipeline, levels?: readonly number[], from = bank): Promise<Float32Array> {
  const schedule = levels && { bank: from, levels };
  const plan = { steps: STEPS, guidance: 2, sampler: { id: "ddim" } };
  const { latents } = await by.rollout(by.batch(1, "test", [0, 3]), schedule, plan, { signal: never() });
  return (await takeFloats(latents)).data;
}

/** The tiny model with other dense weights. */
async function withWeights(change: (name: string, weight: Tensor) => Tensor): Promise<Pipeline> {
  const bundle = new TinyBundle();
  const weights = [...tinyDit()].map(([name, weight]) => [name, change(name, weight)] as const);
  bundle.put("dit.safetensors", writeSafetensors(weights));
  return tinyPipeline(runtime, bundle);
}

async function factorOf(stage: number, layer: string): Promise<Factor> {
  const record = await bank.stage(stage);
  if (record?.kind !== "width") throw new Error("not a width bank");
  return record.factors.get(layer) as Factor;
}

/** The network's own output for noised latents. */
async function predict({ x, t, y }: CalibrationStage, routed: Routed): Promise<Float32Array> {
  const next = await pipeline.denoiser.step({
    latent: x,
    conditioning: await pipeline.denoiser.condition(Float32Array.from(t), y),
    row: { shape: [t.length], data: Int32Array.from(t.keys()) },
    guidance: 1,
    step: OUTPUT_ALONE,
    routed,
  });
  return (await takeFloats(next.latent)).data;
}

function squaredError(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + (value - (b[i] as number)) ** 2, 0) / a.length;
}

describe("a width schedule", () => {
  test("at level 0 is the dense model, bit for bit and without a copy", async () => {
    const router = new Router(runtime, pipeline.model.spec, pipeline.model.weights);
    const dense = await sample(pipeline);
    const [tensors, cuts] = [runtime.tensors, runtime.runs("cut/product")];
    expect(await router.route(bank, 1, 0)).toBe(DENSE);
    expect(await sample(pipeline, [0, 0, 0])).toEqual(dense);
    expect(runtime.tensors).toEqual(tensors);
    expect(runtime.runs("cut/product")).toBe(cuts);
  });

  test("feeds the rows of qkv and fc1 that belong to the surviving columns, bit for bit", async () => {
    const { spec, weights } = pipeline.model;
    const router = new Router(runtime, spec, weights);
    for (const [stage, level] of [
      [0, 1],
      [2, 3],
    ] as const) {
      const routed = await router.route(bank, stage, level);
      for (const layer of spec.layers) {
        const factor = await factorOf(stage, layer.name);
        const kept = columnsInOrder(factor).subarray(factor.boundaries[level]);
        for (const { weight, bias, copies } of layer.producers)
          for (const name of [weight, bias]) {
            const dense = weights.get(name) as Tensor;
            const width = dense.data.length / (dense.shape[0] as number);
            const rows = [...Array(copies).keys()].flatMap((copy) => [...kept].map((c) => c + copy * layer.columns));
            const expected = rows.flatMap((row) => [...dense.data.subarray(row * width, (row + 1) * width)]);
            expect((await routed.weights.get(name)?.download())?.data).toEqual(Float32Array.from(expected));
          }
      }
    }
    await router.free();
  });

  test.each([
    ["compensated and zeroed columns", {}],
    ["biases that take over the mean, too", { mean: true }],
  ])("computes what the dense network computes with %s", async (_, options) => {
    const pruner = { id: "obs", options };
    const whole = await tinyBank(pipeline, { division: uniformDivision(1, 1000), pruner });
    const record = await whole.stage(0);
    if (record?.kind !== "width") throw new Error("not a width bank");
    const { spec, weights } = pipeline.model;
    for (const level of [1, 2, 3, 4]) {
      const cutOf = ({ name, weight, rows }: PrunableLayer) =>
        materialise(record.factors.get(name) as Factor, (weights.get(weight) as Tensor).data, rows, level);
      const zeroed = await withWeights((name, dense) => {
        const moved = spec.layers.find(({ bias }) => bias === name);
        if (moved) {
          const { shift } = cutOf(moved);
          return { shape: dense.shape, data: dense.data.map((value, row) => value + (shift[row] as number)) };
        }
        const layer = spec.layers.find(({ weight }) => weight === name);
        if (!layer) return dense;
        const { rows, columns } = layer;
        const { kept, weight } = cutOf(layer);
        const data = new Float32Array(rows * columns);
        for (let row = 0; row < rows; row++)
          kept.forEach((column, i) => {
            data[row * columns + column] = weight[row * kept.length + i] as number;
          });
        return { shape: dense.shape, data };
      });
      const expected = await sample(zeroed);
      await zeroed.free();
      const routed = await sample(pipeline, [level], whole);
      expect(relativeError(routed, expected), `level ${level}`).toBeLessThan(TOLERANCE.rollout);
      expect(relativeError(routed, await sample(pipeline))).toBeGreaterThan(0.01);
    }
  });

  test("at the top level keeps the biases of both branches and nothing else", async () => {
    const pruned = new Set(pipeline.model.spec.layers.map(({ weight }) => weight));
    const bare = await withWeights((name, dense) =>
      pruned.has(name) ? { shape: dense.shape, data: new Float32Array(dense.data.length) } : dense,
    );
    const expected = await sample(bare);
    await bare.free();
    const [blocks, biases] = [runtime.runs("block"), runtime.runs("block-bias")];
    expect(relativeError(await sample(pipeline, [4, 4, 4]), expected)).toBeLessThan(TOLERANCE.rollout);
    expect(runtime.runs("block")).toBe(blocks);
    expect(runtime.runs("block-bias") - biases).toBe(STEPS * 2);
  });

  test("compensates: under noise it never saw, OBS errs less than the same columns merely removed", async () => {
    const { spec, weights, noise, calibration } = pipeline.model;
    const routers = [new Router(runtime, spec, weights), new Router(runtime, spec, weights)] as const;
    const plain = await tinyBank(pipeline);
    for (let stage = 0; stage < bank.numStages; stage++) {
      for (const { name } of spec.layers)
        await plain.write(stage, name, { ...(await factorOf(stage, name)), lower: new Float32Array(0) });
      const range = bank.recipe.division[stage] as TimestepRange;
      const unseen = noisedItems(calibration as CalibrationSet, noise, range, stage, 12, 99);
      const dense = await predict(unseen, DENSE);
      for (let level = 1; level < bank.recipe.maxLevel; level++) {
        const [obs, removed] = [
          await predict(unseen, await routers[0].route(bank, stage, level)),
          await predict(unseen, await routers[1].route(plain, stage, level)),
        ];
        const where = `stage ${stage}, level ${level}`;
        expect(squaredError(obs, dense), where).toBeLessThan(0.8 * squaredError(removed, dense));
      }
    }
    for (const router of routers) await router.free();
  });

  test("is routed at stage borders only, and once", async () => {
    const fresh = await tinyPipeline(runtime);
    const runs = () => runtime.runs("cut");
    const before = runs();
    await sample(fresh, [1, 2, 0]);
    const layers = fresh.model.spec.layers.length;
    expect(runs() - before).toBe(2 * layers);
    await sample(fresh, [1, 2, 3]);
    expect(runs() - before).toBe(3 * layers);
    await fresh.free();
  });
});

test("with memory for one stage only, samples the same to the bit, and holds no more than it may", async () => {
  const levels = [1, 2, 3];
  const expected = await sample(pipeline, levels);
  const { spec, weights } = pipeline.model;
  const before = runtime.tensors.length;
  const lean = await tinyPipeline(runtime, undefined, 1);
  expect(await sample(lean, levels)).toEqual(expected);
  expect(await sample(lean, [0, 0, 3])).toEqual(await sample(pipeline, [0, 0, 3]));
  await lean.free();
  expect(runtime.tensors.length).toBe(before);

  const router = new Router(runtime, spec, weights, 1);
  const perStage = (await router.route(bank, 0, 1)).weights.size;
  for (const [stage, level] of [
    [1, 2],
    [1, 2],
    [2, 0],
    [2, 1],
  ] as const) {
    await router.route(bank, stage, level);
    await router.prefetch(bank, 0, 1);
    expect(runtime.tensors.length - before).toBe(level === 0 ? 0 : perStage);
  }
  await router.free();
  expect(runtime.tensors.length).toBe(before);
});

describe("LayerDrop", () => {
  test("at level L skips exactly the L blocks that change least in the stage", async () => {
    const deep = await tinyPipeline(runtime, new TinyBundle({ depth: 4 }));
    const drop = await tinyBank(deep, { pruner: { id: "layerdrop" } });
    const router = new Router(runtime, deep.model.spec, deep.model.weights);
    for (let stage = 0; stage < drop.numStages; stage++) {
      const record = await drop.stage(stage);
      if (record?.kind !== "depth") throw new Error("not a depth bank");
      expect([...record.order].sort()).toEqual([0, 1, 2, 3]);
      for (let level = 1; level <= 4; level++) {
        const { skipped, weights, empty } = await router.route(drop, stage, level);
        expect([...skipped]).toEqual([...record.order.subarray(0, level)]);
        expect(weights.size + empty.size).toBe(0);
      }
    }
    const before = runtime.runs("block");
    await sample(deep, [1, 3, 4], drop); // two steps in each stage
    expect(runtime.runs("block") - before).toBe(2 * (3 + 1 + 0));
    await deep.free();
  });
});

test("a route that breaks off leaves nothing on the device, and can be taken again", async () => {
  const { spec, weights } = pipeline.model;
  const before = runtime.tensors;
  // Each layer is one run.
  for (let run = 1; run <= spec.layers.length; run++) {
    const router = new Router(runtime, spec, weights);
    runtime.loseDevice(run);
    await expect(router.route(bank, 1, 2)).rejects.toMatchObject({ code: "device-lost" });
    runtime.loseDevice(Number.POSITIVE_INFINITY);
    expect(runtime.tensors).toEqual(before);
    expect((await router.route(bank, 1, 2)).weights.size).toBe(3 * spec.layers.length);
    await router.free();
    expect(runtime.tensors).toEqual(before);
  }
});

test("a stage that the bank lacks is missing data, but at the top level, which needs no factors", async () => {
  const router = new Router(runtime, pipeline.model.spec, pipeline.model.weights);
  await expect(router.route(bank, 7, 1)).rejects.toMatchObject({
    code: "missing-data",
    message: expect.stringContaining("stage 7"),
  });
  expect((await router.route(bank, 7, 4)).empty).toEqual(new Set([0, 1]));
});

test("the next stage is read while the one before it runs", async () => {
  const read: string[] = [];
  const storage = openMemory();
  const counting = {
    ...storage,
    getMany: (keys: readonly Key[]) => {
      read.push(...new Set(keys.map((key) => key.slice(0, 4).join("/"))));
      return storage.getMany(keys);
    },
  };
  const stored = await tinyBank(pipeline, {}, counting);
  const fresh = (await Bank.open(counting, stored.id)) as Bank;
  read.length = 0;
  const schedule = { bank: fresh, levels: [1, 2, 3] };
  const plan = { steps: STEPS, guidance: 2, sampler: { id: "ddim" } };
  const stagesRead: number[] = [];
  const options = { signal: never(), onStep: () => stagesRead.push(read.length) };
  const { latents } = await pipeline.rollout(pipeline.batch(1, "test", [0]), schedule, plan, options);
  latents.free();
  expect(read).toEqual([0, 1, 2].map((stage) => `bank/${fresh.id}/record/${stage}`));
  expect(stagesRead).toEqual([2, 2, 3, 3, 3, 3]);
});
