// An architecture is data: shapes, the names of its weights, which layers can be pruned, and a program:
// a list of calls of small ONNX graphs whose weights are inputs. One block graph of symbolic width serves
// every block, stage and level, so routing a schedule is choosing which buffers to feed, and dropping a
// block is a call not made. A U-Net's skip connections would be just more names in the scope.

import type { Method } from "../core/shelf.ts";
import type { Tensor } from "../core/tensor.ts";
import type { GraphWriter } from "../formats/onnx.ts";
import type { Prediction } from "../samplers/sampler.ts";

/** State-dict name -> tensor, float32, original layout. */
export type WeightTable = ReadonlyMap<string, Tensor>;

/** What shapes alone do not tell; from a manifest, a flag or a form. */
export interface SpecHints {
  readonly heads?: number | undefined;
  readonly guidedChannels?: number | undefined;
  readonly prediction?: Prediction | undefined;
  /** Needed when the file has no table of positions, which would tell it. */
  readonly latent?: { readonly height: number; readonly width: number } | undefined;
}

/** Rows of a weight and bias that produce the columns of a prunable layer. */
export interface Producer {
  readonly weight: string;
  readonly bias: string;
  /** Column c is produced by rows c, c + columns, … : 3 for qkv, 1 for fc1. */
  readonly copies: number;
}

/** A linear layer whose input columns form removable structures. */
export interface PrunableLayer {
  /** "blocks.3.attn.proj" */
  readonly name: string;
  readonly block: number;
  readonly structure: "head" | "channel";
  readonly rows: number;
  readonly columns: number;
  /** Columns per structure. */
  readonly groupSize: number;
  /** The weight that is compensated, [rows, columns]. */
  readonly weight: string;
  /** [rows] */
  readonly bias: string;
  readonly producers: readonly Producer[];
}

export interface DenoiserSpec {
  readonly architecture: string;
  readonly depth: number;
  readonly width: number;
  readonly heads: number;
  readonly headDim: number;
  readonly mlpWidth: number;
  readonly patch: number;
  readonly tokens: number;
  /** True when the weights bring no table of positions and the graphs hold a computed one. */
  readonly computedPositions?: boolean;
  readonly latent: { readonly channels: number; readonly height: number; readonly width: number };
  /** 2 x channels when the network also predicts a variance, which sampling ignores. */
  readonly outputChannels: number;
  readonly numClasses: number;
  readonly guidedChannels: number;
  readonly prediction: Prediction;
  readonly parameters: number;
  readonly layers: readonly PrunableLayer[];
}

/** One run of a graph over named tensors. */
export interface Call {
  /** Which graph: see `Architecture.write`. */
  readonly graph: string;
  /** The block this call executes: it may be skipped (then `writes` alias `reads` of the same input name) or cut. */
  readonly block?: number;
  /** Graph input -> name in the scope. */
  readonly reads: Readonly<Record<string, string>>;
  /** Graph output -> name in the scope. */
  readonly writes: Readonly<Record<string, string>>;
  /** Graph input -> weight name. */
  readonly weights: Readonly<Record<string, string>>;
}

/**
 * Scope names, shapes with U distinct (timestep, label) pairs, B pictures, R = B or 2B rows (guided: the
 * conditional half first, then the null half), C channels, N tokens, d width:
 * - in: `timestep` [U, …] (see `embedTimesteps`), `label` [U] int32 -> conditioning -> `modulation.{block}` [U, 6d], `modulation.final` [U, 2d]
 * - in: `latent` [B,C,h,w], `row` [R] int32 (index of each row's pair), `guidance` [1], `coefficients` [2] (LinearStep.next) ->
 *   denoise -> `latent` [B,C,h,w] (the next one) and `output` [B,C,h,w] (network output after guidance)
 * - calibrate: as denoise without finish; `latent` [R,C,h,w] row by row; the call of a watched block also reads and writes
 *   `gram.{layer name}` [columns, columns] and `gram.{layer name}.sum` [columns] (running sums of x x^T and x).
 * - moments: as calibrate, with running sums over tokens of squares instead: `moments.{layer name}.input` [columns],
 *   `.output` [rows], bias included, and `.producer` [width], the input of the layers that produce the columns.
 * - redundancy: as calibrate without Gram matrices; each watched block also writes `change.{block}` [R]
 *   (1 - cosine of block input and output, flattened over tokens and width).
 */
export interface Program {
  readonly conditioning: readonly Call[];
  readonly denoise: readonly Call[];
  readonly denoiseGuided: readonly Call[];
  readonly calibrate: Watch;
  readonly moments: Watch;
  readonly redundancy: Watch;
}
/** Calls that look at some blocks: other blocks before the last of them run as in `denoise`, those after it do not run. */
export type Watch = (blocks: ReadonlySet<number>) => readonly Call[];

export interface Architecture extends Method {
  /** @throws shape-mismatch, missing-data naming the tensor; invalid-input when heads cannot be told. */
  spec(weights: WeightTable, hints: SpecHints): DenoiserSpec;
  program(spec: DenoiserSpec): Program;
  /** What the network is told of the time, one row per timestep, computed on the host. [U, …] */
  embedTimesteps(timesteps: Float32Array): Tensor;
  /**
   * Writes the graph that a call names. `wide` names the linear layers ("qkv" of the inputs "qkv.weight" and "qkv.bias")
   * that will have more outputs than rows, see models/product.ts.
   */
  write(g: GraphWriter, spec: DenoiserSpec, id: string, wide: ReadonlySet<string>): void;
  /** The id that serves a block call whose cuts are all empty: the branch biases only. */
  readonly biasOnly: Readonly<Record<string, string>>;
}
