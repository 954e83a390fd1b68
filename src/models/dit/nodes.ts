// The parts of a DiT forward as ONNX nodes, after facebookresearch/DiT models.py. Each part gets its weights through a
// lookup, so that the same code writes the small graphs (weights are inputs of symbolic width) and the fused one
// (weights are inside). Attention is written in primitive operators: com.microsoft.MultiHeadAttention is wrong on one
// WebGPU adapter. Linear layers stay in the state dict's [out, in] layout: Gemm transposes as it packs.

import { zeros } from "../../core/tensor.ts";
import type { GraphWriter, NodeOptions } from "../../formats/onnx.ts";
import type { DenoiserSpec } from "../model.ts";
import { affine, type Matrix, upright } from "../product.ts";
import { positionTable } from "./spec.ts";

/** Value name of a weight, by its name inside the part: "qkv.weight". */
export interface Weights {
  (name: string): string;
  /** Layers with more outputs than there are rows, by their name inside the part: "qkv". */
  readonly wide: ReadonlySet<string>;
}

const EPSILON = 1e-6;

/** embedding [U, 256], label [U] -> SiLU(t embedding + label embedding) [U, d] */
export function conditionNodes(g: GraphWriter, embedding: string, label: string, weights: Weights): string {
  const { value, turned } = linear(g, embedding, weights, "mlp.0");
  const time = upright(g, linear(g, { value: silu(g, value), turned }, weights, "mlp.2"));
  const classes = g.node("Gather", [weights("table"), label], { axis: 0 });
  return silu(g, g.node("Add", [time, classes]));
}

/** latent [B, C, h, w] -> tokens [B, N, d] */
export function embedNodes(g: GraphWriter, spec: DenoiserSpec, latent: string, weights: Weights): string {
  const { patch: p, tokens, width, latent: size } = spec;
  const grid = size.height / p;
  const split = g.node("Reshape", [latent, g.ints([-1, size.channels, grid, p, grid, p])]);
  const patches = g.node("Transpose", [split], { perm: [0, 2, 4, 1, 3, 5] }); // [B, row, column, C, p, p]
  const flat = g.node("Reshape", [patches, g.ints([-1, size.channels * p * p])]); // [B N, C p p]
  const kernel = g.node("Reshape", [weights("proj.weight"), g.ints([0, -1])]); // [d, C p p]
  const rows = affine(g, asRows(flat), kernel, weights("proj.bias"), weights.wide.has("proj")); // [B N, d]
  const image = g.node("Reshape", [upright(g, rows), g.ints([-1, tokens, width])]);
  const position = spec.computedPositions ? g.constant(positionTable(spec)) : weights("position");
  return g.node("Add", [image, position]);
}

/** What one prunable layer was given and made of it: what calibration looks at. */
export interface Tap {
  /** [R N, columns] */
  readonly input: Matrix;
  /** With the bias, before the gate. [R N, d] */
  readonly output: string;
  /** Input of the layer that produces the columns: qkv or fc1. [R N, d] */
  readonly producer: string;
}
export interface Taps {
  readonly proj: Tap;
  readonly fc2: Tap;
}

/** x [R, N, d], modulation [U, 6 d], row [R] -> x [R, N, d] */
export function blockNodes(
  g: GraphWriter,
  spec: DenoiserSpec,
  inputs: { readonly x: string; readonly modulation: string; readonly row: string },
  weights: Weights,
  output?: string,
): { readonly x: string; readonly taps: Taps } {
  const [shift1, scale1, gate1, shift2, scale2, gate2] = chunks(g, inputs.modulation, inputs.row, 6) as Six;
  const before = modulatedNorm(g, spec, inputs.x, shift1, scale1); // [R N, d]
  const heads = attentionNodes(g, spec, before, weights);
  const attention = upright(g, linear(g, heads, weights, "proj"));
  const x = gatedSum(g, spec, inputs.x, gate1, attention);
  const between = modulatedNorm(g, spec, x, shift2, scale2); // [R N, d]
  const { value, turned } = linear(g, between, weights, "fc1"); // [R N, m]
  const channels = { value: g.node("Gelu", [value], { approximate: "tanh" }), turned };
  const mlp = upright(g, linear(g, channels, weights, "fc2"));
  const next = gatedSum(g, spec, x, gate2, mlp, output);
  const proj = { input: asRows(heads), output: attention, producer: before };
  const fc2 = { input: channels, output: mlp, producer: between };
  return { x: next, taps: { proj, fc2 } };
}
type Six = [string, string, string, string, string, string];

/** A block whose heads and channels are all removed: the biases of its branches stay. */
export function biasBlockNodes(
  g: GraphWriter,
  inputs: { readonly x: string; readonly modulation: string; readonly row: string },
  weights: Weights,
  output?: string,
): string {
  const [, , gate1, , , gate2] = chunks(g, inputs.modulation, inputs.row, 6) as Six;
  const attention = g.node("Mul", [gate1, weights("proj.bias")]); // [R, 1, d]
  const mlp = g.node("Mul", [gate2, weights("fc2.bias")]);
  return g.node("Add", [inputs.x, g.node("Add", [attention, mlp])], {}, named(output));
}

/** tokens [R, N, d] -> network output [R, C, h, w], without the learned variance */
export function finishNodes(
  g: GraphWriter,
  spec: DenoiserSpec,
  inputs: { readonly x: string; readonly modulation: string; readonly row: string },
  weights: Weights,
): string {
  const { patch: p, outputChannels, latent } = spec;
  const grid = latent.height / p;
  const [shift, scale] = chunks(g, inputs.modulation, inputs.row, 2) as [string, string];
  const rows = upright(g, linear(g, modulatedNorm(g, spec, inputs.x, shift, scale), weights, "linear")); // [R N, p p Co]
  const split = g.node("Reshape", [rows, g.ints([-1, grid, grid, p, p, outputChannels])]);
  const channelsFirst = g.node("Transpose", [split], { perm: [0, 5, 1, 3, 2, 4] }); // [R, Co, row, p, column, p]
  const image = g.node("Reshape", [channelsFirst, g.ints([-1, outputChannels, latent.height, latent.width])]);
  if (outputChannels === latent.channels) return image;
  return g.node("Slice", [image, g.ints([0]), g.ints([latent.channels]), g.ints([1])]);
}

/** [2 B, C, h, w] (conditional half, null half) -> [B, C, h, w]; channels beyond the guided ones stay conditional. */
export function guideNodes(g: GraphWriter, spec: DenoiserSpec, output: string, guidance: string): string {
  const [conditional, unconditional] = g.nodes("Split", 2, [output], { axis: 0, num_outputs: 2 }) as [string, string];
  const difference = g.node("Sub", [conditional, unconditional]);
  const guided = g.node("Add", [unconditional, g.node("Mul", [guidance, difference])]);
  const { guidedChannels } = spec;
  const { channels } = spec.latent;
  if (guidedChannels === channels) return guided;
  const [axis, border] = [g.ints([1]), g.ints([guidedChannels])];
  const first = g.node("Slice", [guided, g.ints([0]), border, axis]);
  const rest = g.node("Slice", [conditional, border, g.ints([channels]), axis]);
  return g.node("Concat", [first, rest], { axis: 1 });
}

/** x [R N, d] -> heads side by side [R N, H dh]; H follows from the width of qkv. */
function attentionNodes(g: GraphWriter, spec: DenoiserSpec, x: string, weights: Weights): string {
  const { headDim } = spec;
  const batched = headsOf(g, spec, linear(g, x, weights, "qkv")); // [3 H, R, N, dh]
  const [q, k, v] = g.nodes("Split", 3, [batched], { axis: 0, num_outputs: 3 }) as [string, string, string]; // [H, R, N, dh]
  const scaled = g.node("Mul", [q, g.scalar(1 / Math.sqrt(headDim))]);
  const scores = g.node("MatMul", [scaled, g.node("Transpose", [k], { perm: [0, 1, 3, 2] })]); // [H, R, N, N]
  const mixed = g.node("MatMul", [g.node("Softmax", [scores], { axis: -1 }), v]); // [H, R, N, dh]
  const joined = g.node("Reshape", [mixed, g.ints([0, -1, headDim])]); // [H, R N, dh]
  return g.node("Reshape", [g.node("Transpose", [joined], { perm: [1, 0, 2] }), g.ints([0, -1])]); // [R N, H dh]
}

/** [R N, H dh] -> [H, R, N, dh] */
function headsOf(g: GraphWriter, { tokens, headDim }: DenoiserSpec, { value, turned }: Matrix): string {
  if (turned) {
    const split = g.node("Reshape", [value, g.ints([0, 1, -1, tokens])]); // [H dh, 1, R, N]
    const parts = g.node("Reshape", [split, g.ints([-1, headDim, 0, 0])]); // [H, dh, R, N]
    return g.node("Transpose", [parts], { perm: [0, 2, 3, 1] });
  }
  const split = g.node("Reshape", [value, g.ints([0, -1, headDim])]); // [R N, H, dh]
  const parts = g.node("Transpose", [split], { perm: [1, 0, 2] }); // [H, R N, dh]
  return g.node("Reshape", [parts, g.ints([0, -1, tokens, headDim])]);
}

/** [U, count d] and row [R] -> `count` values [R, 1, d] */
function chunks(g: GraphWriter, modulation: string, row: string, count: number): string[] {
  const rows = g.node("Gather", [modulation, row], { axis: 0 }); // [R, count d]
  return g.nodes("Split", count, [g.node("Unsqueeze", [rows, g.ints([1])])], { axis: 2, num_outputs: count });
}

/**
 * LayerNorm(x) scale + shift as rows [R N, d]. Instance normalisation with tokens as channels is a layer
 * normalisation without weights, and ONNX Runtime's is two and a half times faster in WebAssembly.
 */
function modulatedNorm(
  g: GraphWriter,
  { tokens, width }: DenoiserSpec,
  x: string,
  shift: string,
  scale: string,
): string {
  const one = g.constant({ shape: [tokens], data: new Float32Array(tokens).fill(1) });
  const zero = g.constant(zeros([tokens]));
  const norm = g.node("InstanceNormalization", [x, one, zero], { epsilon: EPSILON });
  const modulated = g.node("Add", [g.node("Mul", [norm, scale]), shift]);
  return g.node("Reshape", [modulated, g.ints([-1, width])]);
}

/** x + gate * branch; branch comes as rows [R N, d] */
function gatedSum(
  g: GraphWriter,
  { tokens, width }: DenoiserSpec,
  x: string,
  gate: string,
  branch: string,
  output?: string,
): string {
  const tokensOf = g.node("Reshape", [branch, g.ints([-1, tokens, width])]);
  return g.node("Add", [x, g.node("Mul", [gate, tokensOf])], {}, named(output));
}

/** rows [n, in], upright when they come as a string, -> [n, out] */
export function linear(g: GraphWriter, rows: string | Matrix, weights: Weights, name: string): Matrix {
  const left = typeof rows === "string" ? asRows(rows) : rows;
  return affine(g, left, weights(`${name}.weight`), weights(`${name}.bias`), weights.wide.has(name));
}

function asRows(value: string): Matrix {
  return { value, turned: false };
}

function silu(g: GraphWriter, x: string): string {
  return g.node("Mul", [x, g.node("Sigmoid", [x])]);
}

function named(output: string | undefined): NodeOptions {
  return output === undefined ? {} : { outputs: [output] };
}
