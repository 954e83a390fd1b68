import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createNodeRuntime } from "../runtime/ort-node.ts";
import { TinyBundle } from "../testing/tiny-bundle.ts";
import { CALIBRATION, ignore, never, openTiny, type TinyEngine } from "../testing/tiny-engine.ts";
import type { EvaluateRequest, Progress } from "./api.ts";
import { decodedBatches } from "./decoded.ts";
import { describePictures } from "./describe.ts";
import { loadModel } from "./load.ts";
import { classifierOf, readings, STATISTICS } from "./readings.ts";
import { readStatistics } from "./statistics-file.ts";

const MODEL = "public/models/tiny-worlds";
const ASKED: EvaluateRequest = { pictures: 21, steps: 3, guidance: 2, sampler: { id: "ddim" }, seed: 4 };
const statistics = readFileSync(`${MODEL}/${STATISTICS}`);

/** The tiny model, judged by the demo's classifier. */
const bundle = new TinyBundle();
bundle.put("classifier.safetensors", readFileSync(`${MODEL}/classifier.safetensors`));
bundle.manifest.classifier = { architecture: "tiny-classifier", weights: "classifier.safetensors" };
bundle.files.set(STATISTICS, statistics);

let tiny: TinyEngine;
beforeAll(async () => {
  tiny = await openTiny({ bundle });
  await tiny.load();
});
afterAll(async () => {
  await tiny.engine.close();
  expect(tiny.runtime.tensors).toEqual([]);
  expect(tiny.runtime.sessions).toEqual([]);
});
const evaluate = (request: Partial<EvaluateRequest> = {}, on: (event: Progress) => void = ignore) =>
  tiny.engine.evaluate({ ...ASKED, ...request }, on, never());

test("the numbers are those of the pictures that sample draws, in whatever parts", async () => {
  const { id } = await tiny.calibrate();
  const schedule = { division: CALIBRATION.division, levels: [1, 2, 3], bank: id };
  const evaluated = await evaluate({ schedule });
  expect(evaluated).toMatchObject({ pictures: 21, network: "tiny-classifier", real: 10_000 });

  const { steps, guidance, sampler, seed } = ASKED;
  const labels = Array.from({ length: 21 }, (_, index) => index % bundle.manifest.classes.length);
  const grid = await tiny.engine.sample({ schedule, steps, guidance, sampler, seed, labels }, ignore, never());
  const model = await loadModel({ kind: "bundle", base: bundle.base }, bundle.read, ignore);
  const network = classifierOf(model);
  const runtime = await createNodeRuntime({ threads: 1 });
  const batches = decodedBatches(runtime, model, grid.latents, Int32Array.from(labels));
  const set = await describePictures(runtime, network, batches);
  const expected = readings(set, readStatistics(STATISTICS, statistics, network));
  await runtime.close();
  expect(Object.keys(evaluated.metrics)).toEqual(Object.keys(expected));
  for (const [metric, reading] of Object.entries(evaluated.metrics)) {
    const [found, wanted] = [reading, expected[metric]] as { readonly value: number }[];
    expect(Math.abs((found?.value ?? 0) - (wanted?.value ?? 1)), metric).toBeLessThan(
      1e-4 * (wanted?.value ?? 0) + 1e-9,
    );
  }
});

test("progress ends with all pictures, and the same request gives the same numbers", async () => {
  const done: number[] = [];
  const first = await evaluate({}, (event) => done.push(event.done));
  expect(done).toEqual([...done].sort((a, b) => a - b));
  expect(done.at(-1)).toBe(21);
  expect(await evaluate()).toEqual(first);
  expect((await evaluate({ seed: 5 })).metrics).not.toEqual(first.metrics);
});

test("without real pictures the model says what is missing; without a classifier nothing can be said", async () => {
  bundle.files.delete(STATISTICS);
  const { metrics, real } = await evaluate();
  expect(real).toBeUndefined();
  expect(metrics.fid).toEqual({ missing: expect.stringContaining("no reference") });
  expect(metrics.accuracy).toMatchObject({ value: expect.any(Number) });
  const plain = await openTiny();
  await plain.load();
  await expect(plain.engine.evaluate(ASKED, ignore, never())).rejects.toMatchObject({ code: "missing-data" });
  await plain.engine.close();
});

test("one picture is none, and a cancelled evaluation leaves nothing on the device", async () => {
  await expect(evaluate({ pictures: 1 })).rejects.toMatchObject({ code: "invalid-input" });
  const controller = new AbortController();
  const stop = ({ done }: Progress) => done > 17 && controller.abort();
  const before = tiny.runtime.sessions;
  await expect(tiny.engine.evaluate(ASKED, stop, controller.signal)).rejects.toMatchObject({ name: "AbortError" });
  expect(tiny.runtime.sessions).toEqual(before);
});
