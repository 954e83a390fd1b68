// Routing: entering a stage at a level means feeding other buffers to the one block graph. Compensated weights
// come from the stage's factors by one matrix product per layer on the device; the producers (qkv, fc1) are
// row slices of the shared backbone. Level 0 is the backbone itself, never stored or copied
// (Diff-ES §3.3; the authors' code gathers rows again at every call and is slower than dense at batch 1).

import { StudioError } from "../core/errors.ts";
import { columnsInOrder, type Factor } from "../core/factor.ts";
import type { Bytes, Level, StageIndex, Tensor } from "../core/tensor.ts";
import type { DenoiserSpec, PrunableLayer, WeightTable } from "../models/model.ts";
import { pruners } from "../pruners/index.ts";
import type { DeviceTensor, Runtime } from "../runtime/runtime.ts";
import { type Bank, type StageRecord, stageBytes } from "./bank.ts";
import { ByteCache } from "./byte-cache.ts";
import { CutMaker } from "./cut-maker.ts";
import { DENSE, type Routed } from "./denoiser.ts";

/** Cuts of about 75 (stage, level) pairs of the demo model at half its width, or a stage of DiT-XL/2. */
export const ROUTING_BYTES: Bytes = 768 * 2 ** 20;

/** What was used last stays: the factors of a stage, or what they became at a level. */
type Kept = { readonly record: StageRecord } | { readonly routed: Routed };

export class Router {
  readonly #runtime: Runtime;
  readonly #spec: DenoiserSpec;
  readonly #weights: WeightTable;
  readonly #cuts: CutMaker;
  readonly #kept: ByteCache<Kept>;
  /** What runs now: it outlives its place among what is kept. */
  #current: Routed = DENSE;

  /** `bytes`: of factors and cuts that stay in memory, whatever the number of stages; at least what runs now. */
  constructor(runtime: Runtime, spec: DenoiserSpec, weights: WeightTable, bytes = ROUTING_BYTES) {
    this.#kept = new ByteCache(bytes, (kept) => {
      if ("routed" in kept && kept.routed !== this.#current) freeAll(kept.routed.weights);
    });
    this.#runtime = runtime;
    this.#spec = spec;
    this.#weights = weights;
    this.#cuts = new CutMaker(runtime);
  }

  /**
   * What a stage at a level executes. The result stays valid until the next call.
   * @throws missing-data when the bank lacks the stage
   */
  async route(bank: Bank, stage: StageIndex, level: Level): Promise<Routed> {
    const last = this.#current;
    const key = keyOf(bank, stage, level);
    if (last.key === key) return last;
    this.#current = level === 0 ? DENSE : await this.#routed(bank, stage, level, key);
    if (!this.#kept.has(last.key)) freeAll(last.weights);
    return this.#current;
  }

  async #routed(bank: Bank, stage: StageIndex, level: Level, key: string): Promise<Routed> {
    const known = this.#kept.get(key);
    if (known && "routed" in known) return known.routed;
    if (onlyBiases(bank, level)) {
      const blocks = this.#spec.layers.map(({ block }) => block);
      return { key, weights: new Map(), skipped: new Set(), empty: new Set(blocks) };
    }
    const record = await this.#record(bank, stage);
    if (record.kind === "depth")
      return { key, weights: new Map(), skipped: new Set(record.order.subarray(0, level)), empty: new Set() };

    const weights = new Map<string, DeviceTensor>();
    const empty = new Set<number>();
    try {
      for (const layer of this.#spec.layers) {
        const factor = record.factors.get(layer.name) as Factor;
        const affine = { weight: this.#tensor(layer.weight), bias: this.#tensor(layer.bias) };
        const cut = await this.#cuts.cut(factor, affine, level);
        if (cut.bias) weights.set(layer.bias, cut.bias);
        if (!cut.weight) {
          empty.add(layer.block);
          continue;
        }
        weights.set(layer.weight, cut.weight);
        const kept = columnsInOrder(factor).subarray(factor.boundaries[level]); // elimination order: no need to sort
        for (const [name, slice] of producersOf(layer, kept, this.#weights))
          weights.set(name, this.#runtime.upload(slice));
      }
    } catch (error) {
      freeAll(weights);
      throw error;
    }
    const routed: Routed = { key, weights, skipped: new Set(), empty };
    this.#kept.set(key, { routed }, bytesOf(weights.values()));
    return routed;
  }

  /** Reads ahead what `route` will need, while the device works. Never rejects: what goes wrong is reported there. */
  async prefetch(bank: Bank, stage: StageIndex, level: Level): Promise<void> {
    const needless = level === 0 || onlyBiases(bank, level) || this.#kept.has(keyOf(bank, stage, level));
    if (!needless) await this.#record(bank, stage).catch(() => {});
  }

  async free(): Promise<void> {
    const last = this.#current;
    this.#current = DENSE;
    if (!this.#kept.has(last.key)) freeAll(last.weights);
    this.#kept.clear();
    await this.#cuts.free();
  }

  async #record(bank: Bank, stage: StageIndex): Promise<StageRecord> {
    const key = `${bank.id}/${stage}`;
    const known = this.#kept.get(key);
    if (known && "record" in known) return known.record;
    const record = await bank.stage(stage);
    if (!record)
      throw new StudioError("missing-data", `bank ${bank.id}: stage ${stage} is missing or damaged; calibrate again`);
    this.#kept.set(key, { record }, stageBytes(record));
    return record;
  }

  #tensor(name: string): Tensor {
    return this.#weights.get(name) as Tensor;
  }
}

/** Rows of the producing weights and biases that belong to the kept columns, in their order. */
export function* producersOf(
  { producers, columns }: PrunableLayer,
  kept: Int32Array,
  weights: WeightTable,
): Generator<readonly [string, Tensor]> {
  for (const { weight, bias, copies } of producers) {
    const rows = Int32Array.from({ length: copies * kept.length }, (_, index) => {
      const copy = Math.floor(index / kept.length);
      return (kept[index % kept.length] as number) + copy * columns;
    });
    for (const name of [weight, bias]) yield [name, takeRows(weights.get(name) as Tensor, rows)];
  }
}

/** At the top level nothing of a layer is left but its bias; where that stays, no factor says more. */
function onlyBiases({ recipe }: Bank, level: Level): boolean {
  const { id, options = {} } = recipe.pruner;
  const pruner = pruners.get(id);
  return level === recipe.maxLevel && pruner.kind === "width" && !pruner.movesBias?.(options);
}

function keyOf(bank: Bank, stage: StageIndex, level: Level): string {
  return `${bank.id}/${stage}/${level}`;
}

/** [n, …] -> [rows.length, …] */
function takeRows({ shape, data }: Tensor, rows: Int32Array): Tensor {
  const width = data.length / (shape[0] as number);
  const taken = new Float32Array(rows.length * width);
  for (let i = 0; i < rows.length; i++) {
    const from = (rows[i] as number) * width;
    taken.set(data.subarray(from, from + width), i * width);
  }
  return { shape: [rows.length, ...shape.slice(1)], data: taken };
}

function freeAll(weights: ReadonlyMap<string, DeviceTensor>): void {
  for (const weight of weights.values()) weight.free();
}

function bytesOf(tensors: Iterable<DeviceTensor>): Bytes {
  let bytes = 0;
  for (const { shape } of tensors) bytes += 4 * shape.reduce((product, extent) => product * extent, 1);
  return bytes;
}
