// The DiT of the tests: two blocks of width 32 in the layout of facebookresearch/DiT, every weight by seed. It has
// learned nothing; its weights are scaled so that every part of it moves the result. `fixtures/make/tiny.py` draws
// the same weights to the bit, so that PyTorch can say what it must compute.

import { cos, exp, log, sin } from "../core/math.ts";
import { stream } from "../core/rng.ts";
import { sizeOf, type Tensor, zeros } from "../core/tensor.ts";
import { writeSafetensors } from "../formats/safetensors.ts";
import type { WeightTable } from "../models/model.ts";

export interface TinyDit {
  readonly seed: number;
  readonly depth: number;
  readonly width: number;
  readonly mlpWidth: number;
  readonly patch: number;
  readonly channels: number;
  /** Height and width of the latent. */
  readonly side: number;
  readonly numClasses: number;
  readonly learnedSigma: boolean;
}

export const TINY_DIT: TinyDit = {
  seed: 1,
  depth: 2,
  width: 32,
  mlpWidth: 64,
  patch: 2,
  channels: 4,
  side: 8,
  numClasses: 5,
  learnedSigma: false,
};
export const TINY_HEADS = 4;

/** Weights under their state-dict names. */
export function tinyDit(options: Partial<TinyDit> = {}): WeightTable {
  const dims = { ...TINY_DIT, ...options };
  const weights = new Map<string, Tensor>([["pos_embed", positions(dims)]]);
  for (const [name, shape] of Object.entries(shapesOf(dims))) weights.set(name, drawWeight(dims.seed, name, shape));
  return weights;
}

/** The same as a safetensors file. */
export function tinyDitFile(options: Partial<TinyDit> = {}): Uint8Array {
  return writeSafetensors(tinyDit(options));
}

function shapesOf({ depth, width: d, mlpWidth, patch, channels, numClasses, learnedSigma }: TinyDit) {
  const shapes: Record<string, readonly number[]> = {};
  const linear = (name: string, rows: number, columns: number) => {
    shapes[`${name}.weight`] = [rows, columns];
    shapes[`${name}.bias`] = [rows];
  };
  shapes["x_embedder.proj.weight"] = [d, channels, patch, patch];
  shapes["x_embedder.proj.bias"] = [d];
  linear("t_embedder.mlp.0", d, 256);
  linear("t_embedder.mlp.2", d, d);
  shapes["y_embedder.embedding_table.weight"] = [numClasses + 1, d];
  for (let block = 0; block < depth; block++) {
    linear(`blocks.${block}.attn.qkv`, 3 * d, d);
    linear(`blocks.${block}.attn.proj`, d, d);
    linear(`blocks.${block}.mlp.fc1`, mlpWidth, d);
    linear(`blocks.${block}.mlp.fc2`, d, mlpWidth);
    linear(`blocks.${block}.adaLN_modulation.1`, 6 * d, d);
  }
  linear("final_layer.linear", (learnedSigma ? 2 : 1) * channels * patch ** 2, d);
  linear("final_layer.adaLN_modulation.1", 2 * d, d);
  return shapes;
}

/** Uniform with variance 1 / fan-in; biases (one extent) with standard deviation 0.1. */
export function drawWeight(seed: number, name: string, shape: readonly number[]): Tensor {
  const [rows = 1, ...rest] = shape;
  const reach = Math.sqrt(3) * (rest.length === 0 ? 0.1 : 1 / Math.sqrt(sizeOf(shape) / rows));
  return drawUniform(seed, name, shape, reach);
}

/** Uniform in -reach … reach, from the stream of that name. */
export function drawUniform(seed: number, name: string, shape: readonly number[], reach: number): Tensor {
  const { uniform } = stream(seed, "tiny", name);
  return { shape, data: Float32Array.from({ length: sizeOf(shape) }, () => reach * (2 * uniform() - 1)) };
}

/** [sin, cos] of the column, then of the row, as DiT's get_2d_sincos_pos_embed. [1, N, d] */
function positions({ side, patch, width }: TinyDit): Tensor {
  const grid = side / patch;
  const quarter = width / 4;
  const table = zeros([1, grid * grid, width]);
  for (let token = 0; token < grid * grid; token++)
    for (const [half, place] of [token % grid, Math.floor(token / grid)].entries())
      for (let i = 0; i < quarter; i++) {
        const angle = place * exp((-log(10000) * i) / quarter);
        const at = token * width + 2 * half * quarter + i;
        table.data[at] = sin(angle);
        table.data[at + quarter] = cos(angle);
      }
  return table;
}
