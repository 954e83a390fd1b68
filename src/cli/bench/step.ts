// How much faster is a denoiser step at half the heads and channels? Dense is the faster of the block graphs (weights
// as inputs) and one fused graph (weights as initialisers), pruned likewise; the limit is the MAC ratio. Which half is
// kept does not matter for time, so the first half is.

import { denoiserMacs, levelMacs } from "../../core/cost.ts";
import type { Tensor } from "../../core/tensor.ts";
import { DENSE, Denoiser, type Routed } from "../../engine/denoiser.ts";
import { type LoadedModel, loadModel } from "../../engine/load.ts";
import type { DeviceTensor, Feed, Runtime } from "../../runtime/runtime.ts";
import { readModelFile } from "../environment.ts";
import type { EngineBench } from "./bench.ts";
import { interleave, round3 } from "./measure.ts";

const BATCHES = [1, 32] as const;
const TIMESTEP = 500;

export const step: EngineBench = {
  help: "denoiser step dense and at half width, batch 1 and 32, block graphs and fused",
  async run({ runtime, source, flags }) {
    const model = await loadModel(source, readModelFile, () => {});
    const halves = halfWeights(model);
    const rows = [];
    for (const batch of BATCHES) {
      const times = await timeBatch(runtime, model, halves, batch, flags.integer("rounds"));
      const dense = Math.min(times.denseBlocks.median, times.denseFused.median);
      const pruned = Math.min(times.prunedBlocks.median, times.prunedFused.median);
      rows.push({
        batch,
        ...times,
        speedUp: round3(dense / pruned),
        blocksOnly: round3(dense / times.prunedBlocks.median),
      });
    }
    const macRatio = denoiserMacs(model.spec) / levelMacs(model.spec, "width", model.spec.heads / 2);
    return { rows, macRatio: round3(macRatio) };
  },
};

async function timeBatch(
  runtime: Runtime,
  model: LoadedModel,
  halves: ReadonlyMap<string, Tensor>,
  batch: number,
  rounds: number,
) {
  const { spec, architecture, weights } = model;
  const denoiser = new Denoiser(runtime, architecture, spec, weights);
  const { channels, height, width } = spec.latent;
  const latent = { shape: [batch, channels, height, width], data: new Float32Array(batch * channels * height * width) };
  latent.data.forEach((_, index) => {
    latent.data[index] = ((index * 7919) % 2000) / 1000 - 1; // any numbers will do: time does not depend on them
  });
  const conditioning = await denoiser.condition(Float32Array.of(TIMESTEP), Int32Array.of(0));
  const row = { shape: [batch], data: new Int32Array(batch) };
  const linear = { timestep: TIMESTEP, latent: 1, predictions: [0.1] };
  const blocks = (routed: Routed) => async () => {
    const next = await denoiser.step({ latent, conditioning, row, guidance: 1, step: linear, routed });
    await next.download();
    next.free();
  };
  const fused = async (weight: (name: string) => Tensor) => {
    const parts = { guided: false, skipped: new Set<number>(), empty: new Set<number>() };
    const session = await runtime.load(architecture.fused(spec, weight, parts), "fused");
    const scope: Record<string, Feed> = { ...conditioning, latent, row, coefficients: pair(1, 0.1) };
    const feeds = Object.fromEntries(session.inputs.map((name) => [name, scope[name] as Feed]));
    return {
      session,
      run: async () => {
        const outputs = Object.values(await session.run(feeds));
        for (const output of outputs) await output.download();
        for (const output of outputs) output.free();
      },
    };
  };
  const dense = (name: string) => weights.get(name) as Tensor;
  const denseFused = await fused(dense);
  const prunedFused = await fused((name) => halves.get(name) ?? dense(name));
  const uploaded = new Map<string, DeviceTensor>([...halves].map(([name, half]) => [name, runtime.upload(half)]));
  const pruned: Routed = { ...DENSE, key: "half", weights: uploaded };
  try {
    return await interleave(
      {
        denseBlocks: blocks(DENSE),
        denseFused: denseFused.run,
        prunedBlocks: blocks(pruned),
        prunedFused: prunedFused.run,
      },
      batch === 1 ? 5 * rounds : rounds,
    );
  } finally {
    for (const weight of uploaded.values()) weight.free();
    await denseFused.session.free();
    await prunedFused.session.free();
    await denoiser.free();
  }
}

/** The first half of every layer's structures: its columns, and the rows that produce them. */
function halfWeights({ spec, weights }: LoadedModel): Map<string, Tensor> {
  const halves = new Map<string, Tensor>();
  for (const { weight, rows, columns, producers } of spec.layers) {
    const kept = columns / 2;
    const { data } = weights.get(weight) as Tensor;
    const cut = new Float32Array(rows * kept);
    for (let r = 0; r < rows; r++) cut.set(data.subarray(r * columns, r * columns + kept), r * kept);
    halves.set(weight, { shape: [rows, kept], data: cut });
    for (const producer of producers)
      for (const name of [producer.weight, producer.bias]) {
        const { shape, data: whole } = weights.get(name) as Tensor;
        const stride = whole.length / (shape[0] as number);
        const parts = Array.from({ length: producer.copies }, (_, copy) =>
          whole.subarray(copy * columns * stride, (copy * columns + kept) * stride),
        );
        const joined = new Float32Array(producer.copies * kept * stride);
        parts.forEach((part, copy) => {
          joined.set(part, copy * kept * stride);
        });
        halves.set(name, { shape: [producer.copies * kept, ...shape.slice(1)], data: joined });
      }
  }
  return halves;
}

function pair(a: number, b: number): Tensor {
  return { shape: [2], data: Float32Array.of(a, b) };
}
