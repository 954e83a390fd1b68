// At a few pictures a step on the processor spends a tenth of its time copying and packing weights that it is fed with. A
// fused graph has one stage's weights inside; making it takes as long as it saves in about a hundred steps. So it is made
// when the same weights have been used so often: whether they will be used again is not known, but at worst the time is
// doubled, at best all later steps are faster. On a GPU weights stay where they are and nothing is gained.

import { StudioError } from "../core/errors.ts";
import type { Bytes, Tensor } from "../core/tensor.ts";
import { type Chain, chainGraph, chainOf, linksOf, type Pruned } from "../models/chain.ts";
import type { Architecture, DenoiserSpec, WeightTable } from "../models/model.ts";
import type { DeviceTensor, Runtime } from "../runtime/runtime.ts";
import { ByteCache } from "./byte-cache.ts";
import { type CompiledChain, isResult, type Routed } from "./denoiser.ts";

/** Rows of a batch (both guidance halves) up to which it is felt. */
const MOST_ROWS = 16;
/** Rollouts, of which most have two steps in a stage. */
export const USES = 50;
/** Two schedules of ten stages of the demo at half its width; WASM has 4 GB in all. */
const FUSED_BYTES: Bytes = 384 * 2 ** 20;

export class Fuser {
  readonly #runtime: Runtime;
  readonly #architecture: Architecture;
  readonly #spec: DenoiserSpec;
  readonly #weights: WeightTable;
  readonly #uses = new Map<string, number>();
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
    const uses = (this.#uses.get(key) ?? 0) + 1;
    this.#uses.set(key, uses);
    if (uses <= USES) return undefined;
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

/** A whole step: from `latent` to `latent` and `output`. */
export function stepChain(architecture: Architecture, spec: DenoiserSpec, guided: boolean, pruned: Pruned): Chain {
  const { denoise, denoiseGuided } = architecture.program(spec);
  return chainOf(linksOf(architecture, guided ? denoiseGuided : denoise, pruned), isResult);
}

async function downloadAll(tensors: ReadonlyMap<string, DeviceTensor>): Promise<Map<string, Tensor>> {
  const entries = [...tensors].map(async ([name, tensor]) => [name, (await tensor.download()) as Tensor] as const);
  return new Map(await Promise.all(entries));
}
