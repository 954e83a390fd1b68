// The CPU provider is held to PyTorch elsewhere; here WASM is held to the CPU provider, and to itself. WebGPU is held to
// WASM in a browser: e2e/webgpu-graphs.spec.ts.

import { afterAll, beforeAll, expect, test } from "vitest";
import { Denoiser } from "../../engine/denoiser.ts";
import { startingSums } from "../../engine/running-sums.ts";
import { createNodeRuntime } from "../../runtime/ort-node.ts";
import { createWebRuntime } from "../../runtime/ort-web.ts";
import { type Runtime, takeFloats } from "../../runtime/runtime.ts";
import { relativeError, TOLERANCE } from "../../testing/close.ts";
import { everyResult } from "../../testing/every-result.ts";
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

test("WASM agrees with the CPU provider on steps, Gram matrices, moments and block changes", async () => {
  const [expected, found] = [await everyResult(cpu), await everyResult(wasm)];
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
  const [first, second] = [await everyResult(wasm), await everyResult(wasm)];
  for (const [name, values] of first) expect(second.get(name), name).toEqual(values);
});
