// What a schedule executes in each stage, as tensors that stand in for the dense model's: for programs that know nothing
// of banks. Computed by the reference of `core/factor.ts`, so no device is needed.

import { type Factor, materialise } from "../../core/factor.ts";
import type { Level, Tensor } from "../../core/tensor.ts";
import type { StageRecord } from "../../engine/bank.ts";
import type { LoadedModel } from "../../engine/load.ts";
import { producersOf } from "../../engine/router.ts";
import { positionTable } from "../../models/dit/spec.ts";

/** Structures that a block has left, ascending. */
export interface KeptStructures {
  readonly heads: readonly number[];
  readonly channels: readonly number[];
}

export interface StageWeights {
  /** Under the dense model's names; a branch that has lost all its columns has tensors without values. */
  readonly tensors: ReadonlyMap<string, Tensor>;
  /** Blocks that are left out. */
  readonly skipped: readonly number[];
  /** By block; absent when heads and channels are all there. */
  readonly kept?: readonly KeptStructures[];
}

export function stageWeights({ spec, weights }: LoadedModel, record: StageRecord, level: Level): StageWeights {
  const tensors = new Map<string, Tensor>();
  if (spec.computedPositions) tensors.set("pos_embed", positionTable(spec));
  if (record.kind === "depth") return { tensors, skipped: [...record.order.subarray(0, level)] };
  if (level === 0) return { tensors, skipped: [] };
  const kept = Array.from(
    { length: spec.depth },
    (): Record<"head" | "channel", number[]> => ({ head: [], channel: [] }),
  );
  for (const layer of spec.layers) {
    const { block, structure, rows, groupSize } = layer;
    const factor = record.factors.get(layer.name) as Factor;
    const cut = materialise(factor, (weights.get(layer.weight) as Tensor).data, rows, level);
    tensors.set(layer.weight, { shape: [rows, cut.kept.length], data: cut.weight });
    if (factor.constant.length > 0) tensors.set(layer.bias, plus(weights.get(layer.bias) as Tensor, cut.shift));
    for (const [name, slice] of producersOf(layer, cut.kept, weights)) tensors.set(name, slice);
    const columns = cut.kept.filter((column) => column % groupSize === 0);
    (kept[block] as (typeof kept)[number])[structure] = Array.from(columns, (column) => column / groupSize);
  }
  return { tensors, skipped: [], kept: kept.map(({ head, channel }) => ({ heads: head, channels: channel })) };
}

function plus({ shape, data }: Tensor, more: Float32Array): Tensor {
  return { shape, data: data.map((value, index) => value + (more[index] as number)) };
}
