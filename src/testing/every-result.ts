// Everything that the tiny model's program computes, for comparing one device with another. It runs in Node and in a
// browser alike, so it imports nothing of either.

import { DENSE, Denoiser } from "../engine/denoiser.ts";
import { allBlocks, startingSums } from "../engine/running-sums.ts";
import { dit } from "../models/dit/dit.ts";
import { type DeviceTensor, type Runtime, takeFloats } from "../runtime/runtime.ts";
import { oneStep } from "./one-step.ts";
import { drawUniform, TINY_HEADS, tinyDit } from "./tiny-dit.ts";

/** By the name of a schedule or of a running sum. */
export async function everyResult(runtime: Runtime): Promise<Map<string, Float32Array>> {
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
    const step = oneStep(640, 0.8, 0.3);
    results.set(name, (await denoiser.step({ latent, conditioning, row, guidance: 2, step, routed })).latent);
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
