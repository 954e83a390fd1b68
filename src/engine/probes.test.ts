import { afterAll, beforeAll, expect, test } from "vitest";
import { uniformDivision } from "../core/schedule.ts";
import { createNodeRuntime } from "../runtime/ort-node.ts";
import { relativeError, TOLERANCE } from "../testing/close.ts";
import { FakeRuntime } from "../testing/fake-runtime.ts";
import { never, SEARCH } from "../testing/tiny-engine.ts";
import { tinyBank, tinyPipeline } from "../testing/tiny-pipeline.ts";
import type { Bank } from "./bank.ts";
import type { Pipeline } from "./pipeline.ts";
import { Probes } from "./probes.ts";

let runtime: FakeRuntime;
let pipeline: Pipeline;
let bank: Bank;
beforeAll(async () => {
  runtime = new FakeRuntime(await createNodeRuntime({ threads: 1 }));
  pipeline = await tinyPipeline(runtime);
  bank = await tinyBank(pipeline, { division: uniformDivision(4, 1000) });
});
afterAll(async () => {
  await pipeline.free();
  await runtime.close();
  expect(runtime.tensors).toEqual([]);
  expect(runtime.sessions).toEqual([]);
});

test.each(["ssim", "0.5 ssim + 0.5 latent-cosine"])(
  "%s of parts is that of the whole, picture by picture",
  async (id) => {
    const probes = await Probes.open(pipeline, { ...SEARCH, metric: { id }, probes: 5 });
    await probes.prepare(never());
    for (const levels of [
      [2, 0, 1, 3],
      [2, 0, 3, 1],
      [0, 2, 1, 1],
    ]) {
      const schedule = { bank, levels };
      const whole = await probes.score(schedule, never());
      const parts = [];
      for (const part of [
        { first: 0, count: 2 },
        { first: 2, count: 3 },
      ])
        parts.push(await probes.score(schedule, never(), part));
      expect(
        relativeError(
          parts.flatMap(({ scores }) => scores),
          whole.scores,
        ),
      ).toBeLessThan(TOLERANCE.rollout);
      for (const { calls } of parts) expect(calls).toEqual(whole.calls); // each part keeps its own beginnings
    }
    await probes.free();
  },
);

test("a part samples its dense model once, and not at all when nobody asks for it", async () => {
  const probes = await Probes.open(pipeline, { ...SEARCH, probes: 4 });
  await probes.prepare(never());
  const decoded = () => runtime.runs("decoder");
  const before = decoded();
  const part = { first: 2, count: 2 };
  for (const levels of [
    [2, 0, 1, 3],
    [1, 1, 1, 3],
    [2, 2, 1, 1],
  ])
    await probes.score({ bank, levels }, never(), part);
  expect(decoded() - before).toBe(1 + 3);
  await probes.free();
});
