// What a schedule costs before anything runs: multiply-accumulates, parameters, bytes of a bank.
// Counted as the paper's tables do: one picture, one forward per step (guidance not doubled), attention products
// included, element-wise work and the autoencoder excluded. Wall-clock time is measured by the engine, never derived.

import { factorBytes, lowerSize } from "./factor.ts";
import { boundariesOf } from "./levels.ts";
import type { Bytes, Level, Macs, StageIndex } from "./tensor.ts";

/** The numbers of a DiT that its cost depends on. */
export interface Dims {
  readonly depth: number;
  readonly width: number;
  readonly heads: number;
  readonly headDim: number;
  readonly mlpWidth: number;
  readonly tokens: number;
  readonly patch: number;
  readonly latent: { readonly channels: number };
  readonly outputChannels: number;
}

/** Width of the sinusoidal timestep features that enter the embedding network. */
const TIMESTEP_FEATURES = 256;

/** One block with some heads and channels left. */
export function blockMacs(dims: Dims, headsKept: number, channelsKept: number): Macs {
  const { tokens: N, width: d, headDim } = dims;
  const inner = headsKept * headDim;
  const attention = N * d * 3 * inner + 2 * N * N * inner + N * inner * d;
  return attention + 2 * N * d * channelsKept + modulationMacs(dims, 6);
}

/** The whole dense denoiser. */
export function denoiserMacs(dims: Dims): Macs {
  return dims.depth * blockMacs(dims, dims.heads, dims.mlpWidth) + frameMacs(dims);
}

/** The denoiser at one level: of width, in every block alike; of depth, that many blocks skipped. */
export function levelMacs(dims: Dims, kind: "width" | "depth", level: Level): Macs {
  const { blocks, heads, channels } = keptAt(dims, kind, level);
  return blocks * blockMacs(dims, heads, channels) + frameMacs(dims);
}

/** What is left at a level. */
function keptAt({ depth, heads, mlpWidth }: Dims, kind: "width" | "depth", level: Level) {
  if (kind === "depth") return { blocks: depth - level, heads, channels: mlpWidth };
  const removed = boundariesOf(mlpWidth, 1, heads)[level] as number;
  return { blocks: depth, heads: heads - level, channels: mlpWidth - removed };
}

/** All steps of one picture. */
export function trajectoryMacs(
  dims: Dims,
  kind: "width" | "depth",
  levels: readonly Level[],
  stageOfStep: readonly StageIndex[],
): Macs {
  const perStage = levels.map((level) => levelMacs(dims, kind, level));
  return stageOfStep.reduce((sum, stage) => sum + (perStage[stage] as Macs), 0);
}

/** Everything outside the blocks: patch embedding, timestep embedding, final layer. */
function frameMacs(dims: Dims): Macs {
  const { tokens: N, width: d, patch, latent, outputChannels } = dims;
  const embed = N * patch * patch * latent.channels * d + TIMESTEP_FEATURES * d + d * d;
  return embed + N * d * patch * patch * outputChannels + modulationMacs(dims, 2);
}

/** adaLN: one vector per picture to shifts, scales and gates. */
function modulationMacs({ width: d }: Dims, chunks: number): Macs {
  return chunks * d * d;
}

/** Trained parameters of the dense denoiser, label table with its null row included, fixed position table not. */
export function parameters(dims: Dims & { readonly numClasses: number }): number {
  return levelParameters(dims, "width", 0);
}

/** Those that one step at a level runs with. */
export function levelParameters(
  dims: Dims & { readonly numClasses: number },
  kind: "width" | "depth",
  level: Level,
): number {
  const { width: d, headDim, patch, latent, outputChannels, numClasses } = dims;
  const { blocks, heads, channels } = keptAt(dims, kind, level);
  const linear = (columns: number, rows: number) => (columns + 1) * rows;
  const inner = heads * headDim;
  const block = linear(d, 3 * inner) + linear(inner, d) + linear(d, channels) + linear(channels, d) + linear(d, 6 * d);
  const embed = linear(patch * patch * latent.channels, d) + linear(TIMESTEP_FEATURES, d) + linear(d, d);
  const final = linear(d, patch * patch * outputChannels) + linear(d, 2 * d);
  return blocks * block + embed + (numClasses + 1) * d + final;
}

/** A prunable layer, as far as its bank entry is concerned. */
export interface BankLayer {
  readonly block: number;
  readonly structure: "head" | "channel";
  readonly columns: number;
  readonly groupSize: number;
}

/** One layer in one stage; `half`: with its triangle in half precision. */
export function recordBytes(
  { columns, groupSize }: Pick<BankLayer, "columns" | "groupSize">,
  maxLevel: Level,
  secondOrder: boolean,
  half = false,
): Bytes {
  const boundaries = boundariesOf(columns, groupSize, maxLevel);
  const bytes = factorBytes(columns, groupSize, boundaries, secondOrder);
  return secondOrder && half ? bytes - 2 * lowerSize(boundaries) : bytes;
}

/**
 * A bank for these layers. Width: one factor per layer and stage (order, boundaries, losses and, for second-order
 * pruners, the packed triangle, `half` in half precision), all levels at once. Depth: one order of blocks per stage.
 */
export function bankBytes(
  layers: readonly BankLayer[],
  numStages: number,
  kind: "width" | "depth",
  secondOrder = true,
  half = false,
): Bytes {
  if (kind === "depth") return numStages * new Set(layers.map(({ block }) => block)).size * 4;
  let bytes = 0;
  for (const layer of layers) {
    const attention = layers.find(({ block, structure }) => block === layer.block && structure === "head") ?? layer;
    bytes += recordBytes(layer, attention.columns / attention.groupSize, secondOrder, half);
  }
  return numStages * bytes;
}
