import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { OptionValues } from "../core/options.ts";
import { stream } from "../core/rng.ts";
import { uniformDivision } from "../core/schedule.ts";
import type { Tensor } from "../core/tensor.ts";
import { metrics } from "../metrics/index.ts";
import type { Metric } from "../metrics/metric.ts";
import { createNodeRuntime } from "../runtime/ort-node.ts";
import { takeFloats } from "../runtime/runtime.ts";
import { relativeError, TOLERANCE } from "../testing/close.ts";
import { FakeRuntime } from "../testing/fake-runtime.ts";
import { scorePair } from "../testing/score-pair.ts";
import { never } from "../testing/tiny-engine.ts";
import { tinyBank, tinyPipeline } from "../testing/tiny-pipeline.ts";
import type { Bank } from "./bank.ts";
import { cleanLatents } from "./clean-latents.ts";
import { FitnessEvaluator } from "./fitness.ts";
import type { OpenSchedule, Pipeline } from "./pipeline.ts";

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

const batch = () => pipeline.batch(1, "probes", [0, 2]);
const open = (metric: string, options: OptionValues = {}) =>
  FitnessEvaluator.open(pipeline, { id: metric, options }, batch(), PLAN);

describe.each<[string, number, OptionValues]>([
  ["ssim", 1, {}],
  ["latent-mse", 0, {}],
  ["ssim", 1, { mode: "full", weights: "linear" }],
  ["latent-abs", 0, { mode: "full", weights: "cosine" }],
  ["0.5 psnr + 0.5 latent-cosine", 50.5, { mode: "suffix", suffix: 0.4 }],
  ["latent-cosine at least 0.1, then latent-snr", 1, { mode: "suffix", scale: "bounded" }],
])("fitness by %s, %o %o", (metric, perfect, options) => {
  test(`is ${perfect} for the dense model and for level 0, less for every pruned schedule`, async () => {
    const evaluator = await open(metric, options);
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
    const evaluator = await open(metric, options);
    await evaluator.prepare(never());
    const draw = stream(1, "schedules");
    let reused = 0;
    for (let i = 0; i < 12; i++) {
      const levels = Array.from({ length: STAGES }, () => draw.below(3));
      const cached = await evaluator.score({ bank, levels }, never());
      const fresh = await evaluator.score({ bank, levels }, never(), { fresh: true });
      expect(cached.scores).toEqual(fresh.scores);
      expect(fresh.stepTimes).toHaveLength(PLAN.steps);
      reused += PLAN.steps - cached.stepTimes.length;
    }
    expect(reused).toBeGreaterThan(PLAN.steps);
    await evaluator.free();
  });
});

describe("along the trajectory", () => {
  const levels = [1, 2, 0, 1];

  /** Clean predictions and latents at every step, without the evaluator. */
  async function lookAt(schedule?: OpenSchedule) {
    const { latents, trajectory } = await pipeline.rollout(batch(), schedule, PLAN, {
      signal: never(),
      trajectory: true,
    });
    latents.free();
    const clean = cleanLatents(batch().noise, trajectory, pipeline.linearSteps(PLAN));
    const pictures: Tensor[] = [];
    for (const prediction of clean) pictures.push(await takeFloats(await pipeline.decode(prediction)));
    return { latents: trajectory.map(({ latent }) => latent), pictures };
  }

  test.each([
    ["latent-abs", "latents"],
    ["ssim", "pictures"],
  ] as const)("%s is the weighted mean of what it says of the %s of every step", async (id, space) => {
    const [dense, pruned] = [await lookAt(), await lookAt({ bank, levels })];
    const metric = metrics.get(id).parts.get(id) as Metric;
    const expected = [0, 0];
    for (const [step, student] of pruned[space].entries()) {
      const scores = await scorePair(runtime, metric, student, dense[space][step]);
      for (const [item, score] of scores.entries())
        expected[item] = (expected[item] as number) + ((1 + step / 7) / 12) * score; // linear: from 1/2 to 1, over 6
    }
    const evaluator = await open(id, { mode: "full", weights: "linear" });
    await evaluator.prepare(never());
    const { scores } = await evaluator.score({ bank, levels }, never());
    expect(relativeError(scores, expected)).toBeLessThan(TOLERANCE.forward);
    await evaluator.free();
  });

  test("a suffix of one step is the final result to the bit", async () => {
    const metric = "ssim + latent-cosine";
    const results = [];
    for (const options of [{}, { mode: "suffix", suffix: 0, weights: "cosine" }]) {
      const evaluator = await open(metric, options);
      await evaluator.prepare(never());
      results.push((await evaluator.score({ bank, levels }, never())).scores);
      await evaluator.free();
    }
    expect(results[1]).toEqual(results[0]);
  });

  test.each([{}, { mode: "full" }, { mode: "suffix" }])(
    "levels that begin with 0 begin with the dense model's latents, to the bit: %o",
    async (options) => {
      const evaluator = await open("latent-cosine", options);
      await evaluator.prepare(never());
      for (const [levels, run] of [
        [[0, 2, 1, 1], 6],
        [[0, 0, 0, 1], 2],
        [[0, 0, 0, 0], 2],
        [[1, 0, 0, 2], 8],
        [[0, 2, 1, 2], 2],
      ] as const) {
        const scored = await evaluator.score({ bank, levels }, never());
        expect(scored.calls).toEqual({ run, saved: PLAN.steps - run });
        const fresh = await evaluator.score({ bank, levels }, never(), { fresh: true });
        expect(fresh.calls).toEqual({ run: PLAN.steps, saved: 0 });
        expect(scored.scores).toEqual(fresh.scores);
      }
      await evaluator.free();
    },
  );

  test("the dense trajectory is sampled and decoded once", async () => {
    const evaluator = await open("ssim", { mode: "full" });
    await evaluator.prepare(never());
    const decoded = runtime.runs("decoder");
    await evaluator.score({ bank, levels }, never());
    expect(runtime.runs("decoder") - decoded).toBe(PLAN.steps);
    await evaluator.free();
  });
});

describe("what goes wrong", () => {
  test.each([{}, { mode: "full" }])("leaves nothing behind, whichever run fails: %o", async (options) => {
    const evaluator = await open("0.5 ssim + 0.5 latent-cosine", options);
    await evaluator.prepare(never());
    const levels = [1, 1, 1, 1];
    const all = runtime.runs();
    await evaluator.score({ bank, levels }, never(), { fresh: true });
    const runs = runtime.runs() - all;
    const before = runtime.tensors;
    for (const run of [1, Math.ceil(runs / 2), runs - 2, runs - 1, runs]) {
      runtime.loseDevice(run);
      await expect(evaluator.score({ bank, levels }, never(), { fresh: true })).rejects.toMatchObject({
        code: "device-lost",
      });
      runtime.loseDevice(Number.POSITIVE_INFINITY);
      expect(runtime.tensors).toEqual(before);
    }
    await evaluator.free();
  });

  test.each([
    ["magic", "unknown-method", /"magic".*ssim/],
    ["quality", "missing-data", /network "quality".*ssim/],
    ["0.5 ssim + 0.5 quality", "missing-data", /metric quality: Tiny has no network "quality"/],
    ["0.5 ssim + 0.5 magic", "unknown-method", /metric "0.5 ssim \+ 0.5 magic": metric "magic" does not exist/],
  ])("metric %s is refused", async (metric, code, message) => {
    await expect(open(metric)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });
});
