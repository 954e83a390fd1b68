// What a pruning method is: which statistics it needs from calibration, and how it turns them into the
// order (and, for second-order methods, the factor) in which structures are removed.

import type { Factor } from "../core/factor.ts";
import type { OptionValues } from "../core/options.ts";
import type { Method } from "../core/shelf.ts";

/** gram: X^T X of a layer's inputs; block-change: 1 - cos(block input, block output). */
export type Statistic = "gram" | "block-change";

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
  /** Row-major [rows, columns]. */
  readonly weight: Float32Array;
  readonly rows: number;
  readonly columns: number;
  /** Columns per structure. */
  readonly groupSize: number;
  /** Columns removed at each level. [maxLevel + 1] */
  readonly boundaries: Int32Array;
  /** Sum over tokens of x x^T, row-major symmetric. [columns, columns] */
  readonly gram: Float32Array | Float64Array;
  /** Calibration items (batch entries, both guidance halves) behind `gram`. */
  readonly items: number;
}

/** Removes heads and channels inside every block; one level is one head and the matching share of channels. */
export interface WidthPruner extends Method {
  readonly kind: "width";
  readonly needs: readonly Statistic[];
  /** @throws not-positive-definite naming layer, stage and pivot. */
  factor(layer: LayerStatistics, options: OptionValues): Factor;
}

export type Pruner = DepthPruner | WidthPruner;
