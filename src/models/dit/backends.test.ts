// The CPU provider is held to PyTorch elsewhere; here WASM is held to the CPU provider, and to itself.

import { afterAll, beforeAll, expect, test } from "vitest";
import { DENSE, Denoiser } from "../../engine/denoiser.ts";
import { allBlocks, startingSums } from "../../engine/running-sums.ts";
import { createNodeRuntime } from "../../runtime/ort-node.ts";
import { createWebRuntime } from "../../runtime/ort-web.ts";
import { type DeviceTensor, type Runtime, takeFloats } from "../../runtime/runtime.ts";
import { relativeError, TOLERANCE } from "../../testing/close.ts";
import { drawUniform, TINY_HEADS, tinyDit } from "../../testing/tiny-dit.ts";
import { dit } from "./dit.ts";

let cpu: Runtime;
let wasm: Runtime;
beforeAll(async () => {
  [cpu, wasm] = await Promise.all([createNodeRuntime({ threads: 1 }), createWebRuntime({ backend: "wasm" })]);
});
afterAll(async () => {
  await cpu.close();
  await wasm.close();
});

/** Everything that a program can compute for two pictures, by name. */
async function everything(runtime: Runtime): Promise<Map<string, Float32Array>> {
  const weights = tinyDit({ learnedSigma: true });
  const spec = dit.spec(weights, { heads: TINY_HEADS });
  const denoiser = new Denoiser(runtime, dit, spec, weights);
  const conditioning = await denoiser.condition(new Float32Array(3).fill(640), Int32Array.of(1, 3, spec.numClasses));
  const [latent, rows] = [drawUniform(1, "start", [2, 4, 8, 8], 1.7), drawUniform(1, "rows", [4, 4, 8, 8], 1.7)];
  const row = { shape: [4], data: Int32Array.of(0, 1, 2, 2) };
  const results = new Map<string, DeviceTensor>();
  for (const [name, routed] of [
    ["dense", DENSE],
    ["skipped", { ...DENSE, key: "skipped", skipped: new Set([1]) }],
    ["empty", { ...DENSE, key: "empty", empty: new Set([0]) }],
  ] as const) {
    const step = { timestep: 640, latent: 0.8, predictions: [0.3] };
    results.set(name, await denoiser.step({ latent, conditioning, row, guidance: 2, step, routed }));
  }
  for (const statistic of ["gram", "moments", "block-change"] as const) {
    const sums = startingSums(spec.layers, spec, statistic);
    const found = await denoiser.observe(statistic, allBlocks(spec), rows, conditioning, row, sums);
    for (const [name, value] of Object.entries(found)) results.set(name, value);
  }
  const values = new Map<string, Float32Array>();
  for (const [name, result] of results) values.set(name, (await takeFloats(result)).data);
  await denoiser.free();
  return values;
}

test("WASM agrees with the CPU provider on steps, Gram matrices, moments and block changes", async () => {
  const [expected, found] = [await everything(cpu), await everything(wasm)];
  expect([...found.keys()]).toEqual([...expected.keys()]);
  for (const [name, values] of expected)
    expect(relativeError(found.get(name) as Float32Array, values), name).toBeLessThan(TOLERANCE.forward);
});

test("a block gives the same bits whether it and those after it are watched or not", async () => {
  const weights = tinyDit({ depth: 3 });
  const spec = dit.spec(weights, { heads: TINY_HEADS });
  for (const runtime of [cpu, wasm]) {
    const denoiser = new Denoiser(runtime, dit, spec, weights);
    // As many rows as layers have outputs, and fewer, and more: graphs differ.
    for (const items of [1, 4, 16]) {
      const conditioning = await denoiser.condition(Float32Array.of(640), Int32Array.of(1));
      const [latents, row] = [drawUniform(1, "rows", [items, 4, 8, 8], 1.7), new Int32Array(items)];
      const gramsOf = async (blocks: readonly number[]) => {
        const layers = spec.layers.filter(({ block }) => blocks.includes(block));
        const sums = startingSums(layers, spec, "gram");
        const at = { shape: [items], data: row };
        const found = await denoiser.observe("gram", new Set(blocks), latents, conditioning, at, sums);
        const values = new Map<string, Float32Array>();
        for (const [name, sum] of Object.entries(found)) values.set(name, (await takeFloats(sum)).data);
        return values;
      };
      const [all, apart] = [await gramsOf([0, 1, 2]), [await gramsOf([0, 2]), await gramsOf([1])]];
      expect(new Map(apart.flatMap((some) => [...some]))).toEqual(all);
    }
    await denoiser.free();
  }
});

test("WASM gives the same bits again", async () => {
  const [first, second] = [await everything(wasm), await everything(wasm)];
  for (const [name, values] of first) expect(second.get(name), name).toEqual(values);
});
