// The first-order pruners end to end: noised latents through the engine's own calibration to orders, held to PyTorch.

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { boundariesOf } from "../core/levels.ts";
import { uniformDivision } from "../core/schedule.ts";
import { createNodeRuntime } from "../runtime/ort-node.ts";
import { openMemory } from "../storage/memory.ts";
import { relativeError, TOLERANCE } from "../testing/close.ts";
import { FakeRuntime } from "../testing/fake-runtime.ts";
import { unpack } from "../testing/fixture.ts";
import fixture from "../testing/fixtures/first-order.json" with { type: "json" };
import { TinyBundle } from "../testing/tiny-bundle.ts";
import { drawUniform, TINY_HEADS } from "../testing/tiny-dit.ts";
import { CALIBRATION, ignore, never, SEARCH } from "../testing/tiny-engine.ts";
import { tinyBank, tinyPipeline } from "../testing/tiny-pipeline.ts";
import type { CalibrateRequest, CalibrationStage } from "./api.ts";
import type { Bank } from "./bank.ts";
import { bankIndex } from "./bank-request.ts";
import { observe, passesFor } from "./calibrate.ts";
import { estimateSearch } from "./estimate.ts";
import type { Pipeline } from "./pipeline.ts";
import { Router } from "./router.ts";
import { allBlocks } from "./running-sums.ts";

const METHODS = [
  "magnitude columns",
  "magnitude official-compat",
  "activation columns",
  "activation official-compat",
  "wanda columns",
  "wanda paper",
  "wanda official-compat",
] as const;

let runtime: FakeRuntime;
let pipeline: Pipeline;
beforeAll(async () => {
  runtime = new FakeRuntime(await createNodeRuntime({ threads: 1 }));
  const { seed, depth, mlpWidth } = fixture;
  pipeline = await tinyPipeline(runtime, new TinyBundle({ seed, depth, mlpWidth }));
});
afterAll(async () => {
  await pipeline.free();
  expect(runtime.tensors).toEqual([]);
  await runtime.close();
});

/** The noised latents that PyTorch saw. */
const given: CalibrationStage[] = fixture.stages.map(({ reach, t, y }, stage) => ({
  x: drawUniform(fixture.seed, `stage${stage}`, [t.length, 4, 8, 8], reach),
  t: Int32Array.from(t),
  y: Int32Array.from(y),
}));
const division = fixture.stages.map(({ high, low }) => ({ high, low }));

function requestOf(method: string): CalibrateRequest {
  const [id = "", variant = ""] = method.split(" ");
  return { ...CALIBRATION, pruner: { id, options: { variant } }, division, given };
}

/** Structures in order of removal by layer. */
async function ordersOf(bank: Bank, stage: number): Promise<Record<string, number[]>> {
  const record = await bank.stage(stage);
  if (record?.kind !== "width") throw new Error(`stage ${stage} has no factors`);
  return Object.fromEntries([...record.factors].map(([layer, { order }]) => [layer, [...order]]));
}

describe("parity with PyTorch in float64", () => {
  test("moments of every layer, summed over two passes", async () => {
    expect(passesFor(given[0]?.t.length ?? 0)).toBe(2);
    for (const [stage, { moments }] of fixture.stages.entries()) {
      const blocks = allBlocks(pipeline.model.spec);
      const found = await observe(pipeline, given[stage] as CalibrationStage, "moments", blocks, ignore, never());
      expect(found.items).toBe(2 * (given[stage]?.t.length ?? 0));
      expect([...(found.moments?.keys() ?? [])].sort()).toEqual(Object.keys(moments).sort());
      for (const [layer, expected] of Object.entries(moments))
        for (const part of ["input", "output", "producer"] as const) {
          const error = relativeError(found.moments?.get(layer)?.[part] ?? [], unpack(expected[part]));
          expect(error, `${layer} ${part}, stage ${stage}`).toBeLessThan(TOLERANCE.forward);
        }
    }
  });

  test.each(METHODS)("orders of %s in every stage", async (method) => {
    const bank = await tinyBank(pipeline, requestOf(method));
    for (const [stage, { orders }] of fixture.stages.entries())
      expect(await ordersOf(bank, stage), `stage ${stage}`).toEqual(orders[method]);
  });
});

test.each(["wanda columns", "wanda official-compat"])(
  "%s keeps its rows and columns at every level",
  async (method) => {
    const bank = await tinyBank(pipeline, requestOf(method));
    const { spec, weights } = pipeline.model;
    const router = new Router(runtime, spec, weights);
    const orders = await ordersOf(bank, 1);
    expect(await router.route(bank, 1, 0)).toMatchObject({ key: "dense" });
    for (let level = 1; level <= TINY_HEADS; level++) {
      const routed = await router.route(bank, 1, level);
      expect(routed.empty.size).toBe(level === TINY_HEADS ? spec.depth : 0);
      for (const { name, rows, columns, groupSize, weight, producers } of spec.layers) {
        const removed = boundariesOf(columns, groupSize, TINY_HEADS)[level] as number;
        if (removed === columns) continue;
        const kept = (orders[name] ?? [])
          .slice(removed / groupSize)
          .flatMap((structure) => Array.from({ length: groupSize }, (_, i) => structure * groupSize + i));
        const dense = weights.get(weight)?.data as Float32Array;
        const cut = await routed.weights.get(weight)?.download();
        expect(cut?.shape).toEqual([rows, kept.length]);
        expect([...(cut?.data ?? [])]).toEqual(
          Array.from({ length: rows }, (_, row) => kept.map((column) => dense[row * columns + column])).flat(),
        );
        for (const producer of producers) {
          const bias = weights.get(producer.bias)?.data as Float32Array;
          const taken = Array.from({ length: producer.copies }, (_, copy) => kept.map((c) => bias[copy * columns + c]));
          expect([...((await routed.weights.get(producer.bias)?.download())?.data ?? [])]).toEqual(taken.flat());
        }
      }
    }
    await router.free();
  },
);

describe("magnitude looks at weights only", () => {
  test("so nothing runs, and all stages have one order", async () => {
    const runs = runtime.runs();
    const bank = await tinyBank(pipeline, { pruner: { id: "magnitude" } });
    expect(runtime.runs()).toBe(runs);
    const first = await ordersOf(bank, 0);
    for (let stage = 1; stage < bank.numStages; stage++) expect(await ordersOf(bank, stage)).toEqual(first);
  });

  test("so its bank does not depend on what others calibrate on", () => {
    const recipe = (change: Partial<CalibrateRequest>) =>
      bankIndex(pipeline.model, { ...CALIBRATION, pruner: { id: "magnitude" }, ...change });
    expect(recipe({ seed: 2 })).toEqual(recipe({}));
    expect(recipe({ given, items: 99 })).toEqual(recipe({}));
    expect(recipe({ division: uniformDivision(2, 1000) })).not.toEqual(recipe({}));
  });
});

test("an estimate charges what a pruner needs: a forward pass, a factor, or nothing", async () => {
  const estimate = (id: string, factorThreads = 1, calibrationBytes?: number) => {
    let clock = 0;
    const tools = { storage: openMemory(), factorThreads, calibrationBytes, now: () => ++clock };
    return estimateSearch(pipeline, { ...SEARCH, pruner: { id } }, tools);
  };
  const [obs, wanda, magnitude] = [await estimate("obs"), await estimate("wanda"), await estimate("magnitude")];
  expect(magnitude.calibrate).toBe(0);
  expect(wanda.calibrate).toBeGreaterThan(0);
  expect(wanda.calibrate).toBeLessThan(obs.calibrate);
  expect((await estimate("wanda", 8)).calibrate).toBe(wanda.calibrate);
  // Three blocks, one at a time: two forwards instead of one, and what is summed and factored stays the same.
  expect((await estimate("obs", 1, 0)).calibrate - obs.calibrate).toBeCloseTo(wanda.calibrate, 6);
  expect(wanda.bankBytes).toBeLessThan(obs.bankBytes);
  expect(magnitude.search).toBe(obs.search);
});
