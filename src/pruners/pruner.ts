// What a pruning method is: which statistics it needs from calibration, and how it turns them into the
// order (and, for second-order methods, the factor) in which structures are removed.

import type { Factor } from "../core/factor.ts";
import type { OptionValues } from "../core/options.ts";
import type { Method } from "../core/shelf.ts";

/**
 * gram: X^T X and the sum of a layer's inputs; moments: squares of a layer's inputs, outputs and its producers' inputs, which cost
 * no more than a forward pass; block-change: 1 - cos(block input, block output).
 */
export type Statistic = "gram" | "moments" | "block-change";

/** Removes whole blocks; one level is one block. */
export interface DepthPruner extends Method {
  readonly kind: "depth";
  readonly needs: readonly Statistic[];
  /** Blocks from least to most important. `change` [depth] is the mean block change in one stage. */
  rank(change: Float64Array, options: OptionValues): Int32Array;
}

/** One linear layer whose input columns form removable structures. */
export interface LayerStatistics {
  /** For messages, for example "blocks.3.mlp.fc2, stage 7". */
  readonly name: string;
  readonly structure: "head" | "channel";
  /** Row-major [rows, columns]. */
  readonly weight: Float32Array;
  readonly rows: number;
  readonly columns: number;
  /** Columns per structure. */
  readonly groupSize: number;
  /** Columns removed at each level. [maxLevel + 1] */
  readonly boundaries: Int32Array;
  /** Calibration items (batch entries, both guidance halves) behind the statistics; 0 when none were asked for. */
  readonly items: number;
  /** For those who need "gram". Sum over tokens of x x^T, row-major symmetric. [columns, columns] */
  readonly gram?: Float32Array | Float64Array;
  /** Comes with "gram": sum of x over so many tokens. [columns] */
  readonly sum?: { readonly values: Float32Array | Float64Array; readonly tokens: number };
  /** For those who need "moments". */
  readonly moments?: Moments;
}

/** Sums of squares over all tokens of all items, and the weights that they are read with. */
export interface Moments {
  /** Of the layer's input x. [columns] */
  readonly input: Float32Array;
  /** Of the layer's output, bias included. [rows] */
  readonly output: Float32Array;
  /** Of the input of the layers that produce the columns (qkv, fc1). [width] */
  readonly producer: Float32Array;
  /** Their weights: rows c, c + columns, … produce column c. Each row-major [copies * columns, width] */
  readonly producerWeights: readonly Float32Array[];
}

/** Removes heads and channels inside every block; one level is one head and the matching share of channels. */
export interface WidthPruner extends Method {
  readonly kind: "width";
  /** Empty for a method that looks at weights only: nothing is run then, and all stages are alike. */
  readonly needs: readonly Statistic[];
  /** Whether what is removed leaves something in the layer's bias, so that the top level differs from stage to stage. */
  movesBias?(options: OptionValues): boolean;
  /** @throws missing-data without a needed statistic; not-positive-definite naming layer, stage and pivot. */
  factor(layer: LayerStatistics, options: OptionValues): Factor;
}

export type Pruner = DepthPruner | WidthPruner;
