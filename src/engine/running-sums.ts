// What calibration adds up on the device, and which blocks it watches at a time, so that the sums stay within a budget of
// bytes. The model runs over the items again for every group of blocks, up to the group's last.

import { type Bytes, sizeOf, type Tensor, zeros } from "../core/tensor.ts";
import type { DenoiserSpec, PrunableLayer } from "../models/model.ts";
import type { Statistic } from "../pruners/pruner.ts";

/** Gram matrices of the demo take 30 MB, of DiT-XL/2 2.5 GB: seven groups of four blocks. */
export const CALIBRATION_BYTES: Bytes = 384 * 2 ** 20;

export function allBlocks({ depth }: DenoiserSpec): ReadonlySet<number> {
  return new Set(Array(depth).keys());
}

/** Zeros for these layers under the names that the denoiser adds to. */
export function startingSums(
  layers: readonly PrunableLayer[],
  spec: DenoiserSpec,
  statistic: Statistic,
): Record<string, Tensor> {
  const shapes = layers.flatMap((layer) => Object.entries(sumShapes(layer, spec, statistic)));
  return Object.fromEntries(shapes.map(([name, shape]) => [name, zeros(shape)]));
}

function sumShapes(
  { name, rows, columns }: PrunableLayer,
  { width }: DenoiserSpec,
  statistic: Statistic,
): Readonly<Record<string, readonly number[]>> {
  if (statistic === "gram") return { [`gram.${name}`]: [columns, columns], [`gram.${name}.sum`]: [columns] };
  if (statistic === "block-change") return {};
  return {
    [`moments.${name}.input`]: [columns],
    [`moments.${name}.output`]: [rows],
    [`moments.${name}.producer`]: [width],
  };
}

/**
 * Splits `blocks`, ascending, into groups whose running sums fit the budget; a block that does not fit is a group of its
 * own. While a block runs its sums are on the device twice, before and after: the budget leaves that out.
 */
export function blockGroups(
  spec: DenoiserSpec,
  statistics: readonly Statistic[],
  blocks: Iterable<number>,
  budget: Bytes = CALIBRATION_BYTES,
): readonly (readonly number[])[] {
  const groups: number[][] = [];
  let room = -1;
  for (const block of blocks) {
    const bytes = blockBytes(spec, statistics, block);
    if (bytes > room) {
      groups.push([]);
      room = budget;
    }
    groups.at(-1)?.push(block);
    room -= bytes;
  }
  return groups;
}

function blockBytes(spec: DenoiserSpec, statistics: readonly Statistic[], block: number): Bytes {
  const layers = spec.layers.filter((layer) => layer.block === block);
  const shapes = statistics.flatMap((one) => layers.flatMap((layer) => Object.values(sumShapes(layer, spec, one))));
  return Float32Array.BYTES_PER_ELEMENT * shapes.reduce((sum, shape) => sum + sizeOf(shape), 0);
}
