import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sizeOf, type Tensor } from "../core/tensor.ts";
import { reports } from "../metrics/index.ts";
import { createNodeRuntime } from "../runtime/ort-node.ts";
import { FakeRuntime } from "../testing/fake-runtime.ts";
import { readTensors } from "../testing/fixture.ts";
import { scorePair } from "../testing/score-pair.ts";
import { drawUniform } from "../testing/tiny-dit.ts";
import { ignore } from "../testing/tiny-engine.ts";
import { type LoadedModel, loadModel } from "./load.ts";
import { reportScores } from "./report-scores.ts";

let runtime: FakeRuntime;
let model: LoadedModel;
beforeAll(async () => {
  runtime = new FakeRuntime(await createNodeRuntime({ threads: 1 }));
  const read = async (path: string) => new Uint8Array(readFileSync(path));
  model = await loadModel({ kind: "bundle", base: "public/models/tiny-worlds" }, read, ignore);
});
afterAll(async () => {
  expect(runtime.tensors).toEqual([]);
  expect(runtime.sessions).toEqual([]);
  await runtime.close();
});

const golden = readTensors("src/testing/fixtures/tiny-worlds-golden.safetensors");
/** More than a batch of the golden latents, and others near them. */
const COUNT = 53;
const shape = [COUNT, ...golden.floats("latents").shape.slice(1)];
const dense: Tensor = {
  shape,
  data: Float32Array.from({ length: sizeOf(shape) }, (_, i) => {
    const { data } = golden.floats("latents");
    return data[i % data.length] as number;
  }),
};
const { data: noise } = drawUniform(1, "near", shape, 0.3);
const near: Tensor = { shape, data: dense.data.map((value, i) => value + (noise[i] as number)) };

test("every metric has the mean of what it says of the pictures, as published", async () => {
  const means = await reportScores(runtime, model, near, dense);
  expect(Object.keys(means)).toEqual([...reports.ids]);
  for (const id of ["latent-mse", "latent-cosine"]) {
    const scores = await scorePair(runtime, reports.get(id), near, dense);
    const sign = reports.get(id).direction === "higher" ? 1 : -1;
    const mean = (sign * scores.reduce((sum, score) => sum + score, 0)) / COUNT;
    expect((means[id] as number) / mean).toBeCloseTo(1, 6);
  }
  expect(means["latent-mse"]).toBeCloseTo(0.03, 2); // 0.3^2 / 3
});

test("against themselves they lose nothing", async () => {
  const means = await reportScores(runtime, model, dense, dense);
  expect(means).toMatchObject({
    "ssim-grey": 1,
    psnr: 100,
    "latent-mse": expect.closeTo(0, 12),
    mse: expect.closeTo(0, 12),
  });
});

test("without a decoder, metrics of latents are left", async () => {
  const means = await reportScores(runtime, { networks: {} }, near, dense);
  expect(Object.keys(means)).toEqual(reports.ids.filter((id) => reports.get(id).space === "latent"));
});

test("latents of other noise are refused", async () => {
  const fewer = { shape: [1, 8, 8, 8], data: new Float32Array(512) };
  await expect(reportScores(runtime, model, fewer, dense)).rejects.toThrow(
    "report: latents [1, 8, 8, 8] against [53, 8, 8, 8]; sample both from the same noise",
  );
});
