// At a single picture a step on the processor spends as long copying weights into WASM's memory as multiplying by
// them. A fused graph has one stage's weights inside and is about twice as fast there, but takes longer to make than a
// step saves; so it is made when the same weights are used small for the second time. On a GPU weights stay where they
// are and nothing is gained.

import { StudioError } from "../core/errors.ts";
import type { Bytes, Tensor } from "../core/tensor.ts";
import type { Architecture, DenoiserSpec, WeightTable } from "../models/model.ts";
import type { DeviceTensor, Runtime, Session } from "../runtime/runtime.ts";
import { ByteCache } from "./byte-cache.ts";
import type { Routed } from "./denoiser.ts";

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
  readonly #sessions = new ByteCache<Session>(FUSED_BYTES, (session) => {
    const freeing = session.free().finally(() => this.#freeing.delete(freeing));
    this.#freeing.add(freeing);
  });

  constructor(runtime: Runtime, architecture: Architecture, spec: DenoiserSpec, weights: WeightTable) {
    this.#runtime = runtime;
    this.#architecture = architecture;
    this.#spec = spec;
    this.#weights = weights;
  }

  /** The whole denoiser as one session, or undefined while it does not pay. Call it once for each stage of a rollout. */
  async session(routed: Routed, guided: boolean, rows: number): Promise<Session | undefined> {
    if (rows > MOST_ROWS || this.#runtime.device.backend === "webgpu") return undefined;
    const key = `${routed.key}${guided ? " guided" : ""}`;
    const known = this.#sessions.get(key);
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
    const { skipped, empty } = routed;
    const graph = this.#architecture.fused(this.#spec, weight, { guided, skipped, empty });
    try {
      const session = await this.#runtime.load(graph, `fused ${key}`);
      this.#sessions.set(key, session, bytes);
      return session;
    } catch (error) {
      if (error instanceof StudioError && error.code === "out-of-memory") return undefined; // the block graphs still work
      throw error;
    }
  }

  async free(): Promise<void> {
    this.#sessions.clear();
    await Promise.all(this.#freeing);
  }
}

async function downloadAll(tensors: ReadonlyMap<string, DeviceTensor>): Promise<Map<string, Tensor>> {
  const entries = [...tensors].map(async ([name, tensor]) => [name, (await tensor.download()) as Tensor] as const);
  return new Map(await Promise.all(entries));
}
