// DiT (Peebles & Xie 2023) in the layout of facebookresearch/DiT: shapes -> spec. Any depth, width, patch, number of
// classes, with or without a learned variance; the number of heads is the one thing that shapes do not tell.

import { StudioError } from "../../core/errors.ts";
import { cos, exp, log, sin } from "../../core/math.ts";
import { sizeOf, type Tensor, zeros } from "../../core/tensor.ts";
import type { DenoiserSpec, PrunableLayer, SpecHints, WeightTable } from "../model.ts";

/** Head widths of the published DiTs and of the demo, tried when nobody says how many heads there are. */
const LIKELY_HEAD_DIMS = [72, 64] as const;
/** Input of the timestep embedding's first layer. */
export const FREQUENCIES = 256;

export function ditSpec(weights: WeightTable, hints: SpecHints): DenoiserSpec {
  const patchWeight = shapeOf(weights, "x_embedder.proj.weight", 4);
  const [width, channels, patch] = patchWeight as [number, number, number, number];
  const depth = countBlocks(weights);
  const mlpWidth = shapeOf(weights, "blocks.0.mlp.fc1.weight", 2)[0] as number;
  const numClasses = (shapeOf(weights, "y_embedder.embedding_table.weight", 2)[0] as number) - 1;
  const outputChannels = (shapeOf(weights, "final_layer.linear.weight", 2)[0] as number) / patch ** 2;
  const computedPositions = !weights.has("pos_embed");
  const tokens = computedPositions ? tokensOf(hints, patch) : (shapeOf(weights, "pos_embed", 3)[1] as number);
  const grid = Math.sqrt(tokens);
  if (!Number.isInteger(grid)) throw new StudioError("shape-mismatch", `DiT: ${tokens} tokens are not a square`);
  if (outputChannels !== channels && outputChannels !== 2 * channels)
    throw new StudioError(
      "shape-mismatch",
      `final_layer.linear.weight: predicts ${outputChannels} channels, the latent has ${channels}; expected ${channels} or ${2 * channels}`,
    );
  const heads = hints.heads ?? likelyHeads(width);
  if (heads < 1 || width % heads !== 0)
    throw new StudioError("invalid-input", `DiT: ${heads} heads do not divide the width ${width}; choose a divisor`);
  const guidedChannels = hints.guidedChannels ?? Math.min(3, channels); // the original guides three of four
  if (guidedChannels < 1 || guidedChannels > channels)
    throw new StudioError(
      "invalid-input",
      `DiT: ${guidedChannels} guided channels of ${channels}; choose 1 … ${channels}`,
    );

  const spec = {
    architecture: "dit",
    depth,
    width,
    heads,
    headDim: width / heads,
    mlpWidth,
    patch,
    tokens,
    computedPositions,
    latent: { channels, height: grid * patch, width: grid * patch },
    outputChannels,
    numClasses,
    guidedChannels,
    prediction: hints.prediction ?? "epsilon",
    parameters: [...weights].reduce((sum, [name, { shape }]) => sum + (name === "pos_embed" ? 0 : sizeOf(shape)), 0),
    layers: Array.from({ length: depth }, (_, block) => prunableLayers(block, width, width / heads, mlpWidth)).flat(),
  } satisfies DenoiserSpec;
  checkShapes(weights, spec);
  return spec;
}

function prunableLayers(block: number, width: number, headDim: number, mlpWidth: number): PrunableLayer[] {
  const at = (layer: string) => `blocks.${block}.${layer}`;
  return [
    {
      name: at("attn.proj"),
      block,
      structure: "head",
      rows: width,
      columns: width,
      groupSize: headDim,
      weight: at("attn.proj.weight"),
      bias: at("attn.proj.bias"),
      producers: [{ weight: at("attn.qkv.weight"), bias: at("attn.qkv.bias"), copies: 3 }],
    },
    {
      name: at("mlp.fc2"),
      block,
      structure: "channel",
      rows: width,
      columns: mlpWidth,
      groupSize: 1,
      weight: at("mlp.fc2.weight"),
      bias: at("mlp.fc2.bias"),
      producers: [{ weight: at("mlp.fc1.weight"), bias: at("mlp.fc1.bias"), copies: 1 }],
    },
  ];
}

/** Every tensor that the graphs read, with its shape. */
function checkShapes(weights: WeightTable, spec: DenoiserSpec): void {
  const { width: d, depth, mlpWidth, patch, latent, outputChannels, numClasses } = spec;
  const linear = (name: string, rows: number, columns: number) => {
    expectShape(weights, `${name}.weight`, [rows, columns]);
    expectShape(weights, `${name}.bias`, [rows]);
  };
  expectShape(weights, "x_embedder.proj.weight", [d, latent.channels, patch, patch]);
  expectShape(weights, "x_embedder.proj.bias", [d]);
  if (!spec.computedPositions) expectShape(weights, "pos_embed", [1, spec.tokens, d]);
  expectShape(weights, "y_embedder.embedding_table.weight", [numClasses + 1, d]);
  linear("t_embedder.mlp.0", d, FREQUENCIES);
  linear("t_embedder.mlp.2", d, d);
  for (let block = 0; block < depth; block++) {
    linear(`blocks.${block}.attn.qkv`, 3 * d, d);
    linear(`blocks.${block}.attn.proj`, d, d);
    linear(`blocks.${block}.mlp.fc1`, mlpWidth, d);
    linear(`blocks.${block}.mlp.fc2`, d, mlpWidth);
    linear(`blocks.${block}.adaLN_modulation.1`, 6 * d, d);
  }
  linear("final_layer.linear", outputChannels * patch ** 2, d);
  linear("final_layer.adaLN_modulation.1", 2 * d, d);
}

/**
 * [cos(t f), sin(t f)] with f_i = exp(-ln(10000) i / 128), computed here and not on the device: every engine and
 * backend gets the same bits, and angles up to 1000 keep their digits. [U, 256]
 */
export function embedTimesteps(timesteps: Float32Array): Tensor {
  const half = FREQUENCIES / 2;
  const data = new Float32Array(timesteps.length * FREQUENCIES);
  for (const [row, t] of timesteps.entries())
    for (let i = 0; i < half; i++) {
      const angle = t * exp((-log(10000) * i) / half);
      data[row * FREQUENCIES + i] = cos(angle);
      data[row * FREQUENCIES + half + i] = sin(angle);
    }
  return { shape: [timesteps.length, FREQUENCIES], data };
}

function tokensOf({ latent }: SpecHints, patch: number): number {
  if (latent) return (latent.height / patch) * (latent.width / patch);
  throw new StudioError("missing-data", 'DiT: there is no "pos_embed", and nothing else says how large a latent is');
}

/** [sin, cos] of the column, then of the row, as DiT's get_2d_sincos_pos_embed. [1, N, d] */
export function positionTable({ tokens, width }: Pick<DenoiserSpec, "tokens" | "width">): Tensor {
  const [grid, quarter] = [Math.sqrt(tokens), width / 4];
  const table = zeros([1, tokens, width]);
  for (let token = 0; token < tokens; token++)
    for (const [half, place] of [token % grid, Math.floor(token / grid)].entries())
      for (let i = 0; i < quarter; i++) {
        const angle = place * exp((-log(10000) * i) / quarter);
        const at = token * width + 2 * half * quarter + i;
        table.data[at] = sin(angle);
        table.data[at + quarter] = cos(angle);
      }
  return table;
}

function countBlocks(weights: WeightTable): number {
  let depth = 0;
  while (weights.has(`blocks.${depth}.attn.qkv.weight`)) depth++;
  if (depth === 0) throw new StudioError("missing-data", `DiT: there is no "blocks.0.attn.qkv.weight"; is this a DiT?`);
  return depth;
}

function likelyHeads(width: number): number {
  const headDim = LIKELY_HEAD_DIMS.find((candidate) => width % candidate === 0);
  if (headDim === undefined)
    throw new StudioError("invalid-input", `DiT: a file of width ${width} does not tell its number of heads; say it`);
  return width / headDim;
}

function shapeOf(weights: WeightTable, name: string, rank: number): readonly number[] {
  const tensor = weights.get(name);
  if (!tensor) throw new StudioError("missing-data", `DiT: there is no "${name}"; is this a DiT state dict?`);
  if (tensor.shape.length !== rank)
    throw new StudioError("shape-mismatch", `DiT: "${name}" is [${tensor.shape.join(", ")}], expected ${rank} extents`);
  return tensor.shape;
}

function expectShape(weights: WeightTable, name: string, shape: readonly number[]): void {
  const found = shapeOf(weights, name, shape.length);
  if (found.join() !== shape.join())
    throw new StudioError(
      "shape-mismatch",
      `DiT: "${name}" is [${found.join(", ")}], the other tensors need [${shape.join(", ")}]`,
    );
}
