// At a single picture a step on the processor spends as long copying weights into WASM's memory as multiplying by
// them. A fused graph has one stage's weights inside and is about twice as fast there, but takes longer to make than a
// step saves; so it is made when the same weights are used small for the second time. On a GPU weights stay where they
// are and nothing is gained.

import { StudioError } from "../core/errors.ts";
import type { Bytes, Tensor } from "../core/tensor.ts";
import { type Chain, chainGraph, chainOf, linksOf, type Pruned } from "../models/chain.ts";
import type { Architecture, DenoiserSpec, WeightTable } from "../models/model.ts";
import type { DeviceTensor, Runtime } from "../runtime/runtime.ts";
import { ByteCache } from "./byte-cache.ts";
import type { CompiledChain, Routed } from "./denoiser.ts";

/** Rows of a batch (both guidance halves) up to which copying is felt. */
const MOST_ROWS = 2;
/** Two schedules of ten stages of the demo at half its width; WASM has 4 GB in all. */
const FUSED_BYTES: Bytes = 384 * 2 ** 20;

export class Fuser {
  readonly #runtime: Runtime;
  readonly #architecture: Architecture;
  readonly #spec: DenoiserSpec;
  readonly #weights: WeightTable;
  readonly #used = new Set<string>();
  readonly #freeing = new Set<Promise<void>>();
  readonly #fused = new ByteCache<CompiledChain>(FUSED_BYTES, ({ session }) => {
    const freeing = session.free().finally(() => this.#freeing.delete(freeing));
    this.#freeing.add(freeing);
  });

  constructor(runtime: Runtime, architecture: Architecture, spec: DenoiserSpec, weights: WeightTable) {
    this.#runtime = runtime;
    this.#architecture = architecture;
    this.#spec = spec;
    this.#weights = weights;
  }

  /** The whole denoiser with the weights inside, or undefined while it does not pay. Call it once for each stage of a rollout. */
  async fuse(routed: Routed, guided: boolean, rows: number): Promise<CompiledChain | undefined> {
    if (rows > MOST_ROWS || this.#runtime.device.backend === "webgpu") return undefined;
    const key = `${routed.key}${guided ? " guided" : ""}`;
    const known = this.#fused.get(key);
    if (known) return known;
    if (!this.#used.has(key)) {
      this.#used.add(key);
      return undefined;
    }
    const cuts = await downloadAll(routed.weights);
    let bytes = 0;
    const weight = (name: string): Tensor => {
      const tensor = cuts.get(name) ?? (this.#weights.get(name) as Tensor);
      bytes += tensor.data.byteLength;
      return tensor;
    };
    const chain = stepChain(this.#architecture, this.#spec, guided, routed);
    const graph = chainGraph(this.#architecture, this.#spec, chain, weight);
    try {
      const fused = { session: await this.#runtime.load(graph, `fused ${key}`), chain };
      this.#fused.set(key, fused, bytes);
      return fused;
    } catch (error) {
      if (error instanceof StudioError && error.code === "out-of-memory") return undefined; // the block graphs still work
      throw error;
    }
  }

  async free(): Promise<void> {
    this.#fused.clear();
    await Promise.all(this.#freeing);
  }
}

/** A whole step: from `latent` to `latent`. */
export function stepChain(architecture: Architecture, spec: DenoiserSpec, guided: boolean, pruned: Pruned): Chain {
  const { denoise, denoiseGuided } = architecture.program(spec);
  return chainOf(linksOf(architecture, guided ? denoiseGuided : denoise, pruned), (name) => name === "latent");
}

async function downloadAll(tensors: ReadonlyMap<string, DeviceTensor>): Promise<Map<string, Tensor>> {
  const entries = [...tensors].map(async ([name, tensor]) => [name, (await tensor.download()) as Tensor] as const);
  return new Map(await Promise.all(entries));
}
