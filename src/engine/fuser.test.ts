import { afterAll, beforeAll, expect, test } from "vitest";
import { createNodeRuntime } from "../runtime/ort-node.ts";
import { relativeError, TOLERANCE } from "../testing/close.ts";
import { FakeRuntime } from "../testing/fake-runtime.ts";
import { never } from "../testing/tiny-engine.ts";
import { tinyBank, tinyPipeline } from "../testing/tiny-pipeline.ts";
import { USES } from "./fuser.ts";
import type { OpenSchedule, Pipeline } from "./pipeline.ts";

const PLAN = { steps: 6, guidance: 2, sampler: { id: "ddim" } };
let runtime: FakeRuntime;
let pipeline: Pipeline;
let schedule: OpenSchedule;

beforeAll(async () => {
  runtime = new FakeRuntime(await createNodeRuntime({ threads: 1 }));
  pipeline = await tinyPipeline(runtime);
  schedule = { bank: await tinyBank(pipeline), levels: [4, 1, 0] };
});
afterAll(() => runtime.close());

async function sample(labels: readonly number[]): Promise<Float32Array> {
  const { latents } = await pipeline.rollout(pipeline.batch(0, "test", labels), schedule, PLAN, {
    signal: never(),
    fuse: true,
  });
  const { data } = await latents.download();
  latents.free();
  return data as Float32Array;
}
const fusedSessions = () => runtime.sessions.filter((label) => label.startsWith("fused"));

test("few pictures are fused once the same weights were used often, with the same result; all is freed", async () => {
  const first = await sample([0]);
  for (let use = 1; use < USES; use++) await sample([0, 1]);
  expect(fusedSessions()).toEqual([]);
  const blocks = runtime.runs("block");
  const fused = await sample([0]);
  expect(runtime.runs("block")).toBe(blocks);
  expect(fusedSessions()).toHaveLength(3); // emptied, pruned and dense
  expect(relativeError(fused, first)).toBeLessThan(TOLERANCE.rollout);

  await sample(Array(9).fill(0)); // too many to be felt
  expect(runtime.runs("block")).toBeGreaterThan(blocks);
  expect(fusedSessions()).toHaveLength(3);
  await pipeline.free();
  expect(runtime.sessions).toEqual([]);
});

test("without memory for a fused graph the block graphs go on", async () => {
  const poor = new FakeRuntime(await createNodeRuntime({ threads: 1 }));
  const pipeline = await tinyPipeline(poor);
  const once = async () => {
    const { latents } = await pipeline.rollout(pipeline.batch(0, "test", [0]), undefined, PLAN, {
      signal: never(),
      fuse: true,
    });
    const { data } = await latents.download();
    latents.free();
    return data;
  };
  const first = await once();
  for (let use = 1; use < USES; use++) await once();
  poor.refuseGraphs(1);
  expect(await once()).toEqual(first);
  await pipeline.free();
  await poor.close();
});
