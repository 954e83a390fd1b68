// The pruning trajectory of one layer in one stage as a single triangular factor: every level of it is
// one matrix product away (structured OBS, Diff-ES §3.3, after Optimal Brain Surgeon).
//
// Columns are taken in elimination order and grouped into the blocks that consecutive levels remove.
// With G = H^-1 = L D L^T in that order (L unit lower triangular by level blocks) and V = W L^-T, the
// weights after level l are W'_S = V_S (L_SS)^T on the surviving columns S and zero elsewhere.

import type { Level } from "./tensor.ts";

export interface Factor {
  /** Structures (heads or channels) in elimination order, first removed first. [columns / groupSize] */
  readonly order: Int32Array;
  /** Columns per structure: the head width, or 1. */
  readonly groupSize: number;
  /** Columns removed at each level, 0 … columns. [maxLevel + 1] */
  readonly boundaries: Int32Array;
  /**
   * Strictly lower level blocks of L, packed: block row b = 1 … maxLevel-1, each row-major
   * [boundaries[b+1] - boundaries[b], boundaries[b]]. Empty for first-order pruners (L = identity).
   */
  readonly lower: Float32Array;
  /** Increase of the layer's squared output error up to each level, in units of tr(dW H dW^T). [maxLevel + 1] */
  readonly losses: Float64Array;
}

/** Weights of one layer at one level. */
export interface Cut {
  readonly level: Level;
  /** Surviving input columns, ascending. [s] */
  readonly kept: Int32Array;
  /** Compensated weights on those columns, row-major. [rows, s] */
  readonly weight: Float32Array;
}
