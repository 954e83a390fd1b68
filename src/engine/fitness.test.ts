import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { stream } from "../core/rng.ts";
import { uniformDivision } from "../core/schedule.ts";
import { createNodeRuntime } from "../runtime/ort-node.ts";
import { FakeRuntime } from "../testing/fake-runtime.ts";
import { never } from "../testing/tiny-engine.ts";
import { tinyBank, tinyPipeline } from "../testing/tiny-pipeline.ts";
import type { Bank } from "./bank.ts";
import { FitnessEvaluator } from "./fitness.ts";
import type { Pipeline } from "./pipeline.ts";

const STAGES = 4;
const PLAN = { steps: 8, guidance: 2, sampler: { id: "ddim" } };

let runtime: FakeRuntime;
let pipeline: Pipeline;
let bank: Bank;
beforeAll(async () => {
  runtime = new FakeRuntime(await createNodeRuntime({ threads: 1 }));
  pipeline = await tinyPipeline(runtime);
  bank = await tinyBank(pipeline, { division: uniformDivision(STAGES, 1000) });
});
afterAll(async () => {
  await pipeline.free();
  expect(runtime.tensors).toEqual([]);
  expect(runtime.sessions).toEqual([]);
  await runtime.close();
});

const open = (metric: string) =>
  FitnessEvaluator.open(pipeline, { id: metric }, pipeline.batch(1, "probes", [0, 2]), PLAN);

describe.each([
  ["ssim", 1],
  ["latent-mse", 0],
])("fitness by %s", (metric, perfect) => {
  test(`is ${perfect} for the dense model and for level 0, less for every pruned schedule`, async () => {
    const evaluator = await open(metric);
    const dense = await evaluator.prepare(never());
    for (const score of dense.scores) expect(score).toBeCloseTo(perfect, 5);
    const same = await evaluator.score({ bank, levels: [0, 0, 0, 0] }, never());
    expect(same.scores).toEqual(dense.scores);
    for (const levels of [
      [1, 0, 0, 0],
      [0, 0, 0, 1],
      [2, 2, 2, 2],
    ]) {
      const { fitness, scores } = await evaluator.score({ bank, levels }, never());
      expect(fitness).toBeLessThan(dense.fitness - 1e-6);
      expect(fitness).toBe(scores.reduce((sum, score) => sum + score, 0) / scores.length);
    }
    await evaluator.free();
  });

  test("has the same bits whether prefixes are reused or every step runs", async () => {
    const evaluator = await open(metric);
    await evaluator.prepare(never());
    const draw = stream(1, "schedules");
    let reused = 0;
    for (let i = 0; i < 12; i++) {
      const levels = Array.from({ length: STAGES }, () => draw.below(3));
      const cached = await evaluator.score({ bank, levels }, never());
      const fresh = await evaluator.score({ bank, levels }, never(), true);
      expect(cached.scores).toEqual(fresh.scores);
      expect(fresh.stepTimes).toHaveLength(PLAN.steps);
      reused += PLAN.steps - cached.stepTimes.length;
    }
    expect(reused).toBeGreaterThan(PLAN.steps);
    await evaluator.free();
  });
});

describe("what goes wrong", () => {
  test("leaves nothing behind, whichever run fails", async () => {
    const evaluator = await open("ssim");
    await evaluator.prepare(never());
    const levels = [1, 1, 1, 1];
    const all = runtime.runs();
    await evaluator.score({ bank, levels }, never(), true);
    const runs = runtime.runs() - all;
    const before = runtime.tensors;
    for (const run of [1, runs - 1, runs]) {
      runtime.loseDevice(run);
      await expect(evaluator.score({ bank, levels }, never(), true)).rejects.toMatchObject({ code: "device-lost" });
      runtime.loseDevice(Number.POSITIVE_INFINITY);
      expect(runtime.tensors).toEqual(before);
    }
    await evaluator.free();
  });

  test.each([
    ["magic", "unknown-method", /"magic".*ssim/],
    ["quality", "missing-data", /network "quality".*ssim/],
  ])("metric %s is refused", async (metric, code, message) => {
    await expect(open(metric)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });
});
