// Matrix products whose bits do not depend on the number of threads. ONNX Runtime gives threads rows of the result when
// it has at least as many rows as columns, and then adds up alike whatever their number; else it gives them columns, and
// adds up in longer blocks for few of them. So a result with more columns than rows is computed turned, and stays so
// until somebody needs it upright. (Weights inside a graph are packed once and need none of this.)

import type { GraphBuilder } from "../formats/onnx.ts";

/** A matrix [rows, columns], or turned [columns, rows]. */
export interface Matrix {
  readonly value: string;
  readonly turned: boolean;
}

export interface Product {
  /** [M, K] */
  readonly left: Matrix;
  /** Each row gives a column of the result. [N, K] */
  readonly right: string;
  /** [N] */
  readonly bias: string;
  /** Whether N > M. */
  readonly wide: boolean;
}

/** left right^T + bias [M, N], turned when it is wide. */
export function product(g: GraphBuilder, { left, right, bias, wide }: Product): Matrix {
  if (!wide) return { value: g.node("Gemm", [upright(g, left), right, bias], { transB: 1 }), turned: false };
  const column = g.node("Unsqueeze", [bias, g.ints([1])]); // [N, 1]
  const orientation = left.turned ? {} : { transB: 1 };
  return { value: g.node("Gemm", [right, left.value, column], orientation), turned: true };
}

/** [rows, columns] */
export function upright(g: GraphBuilder, { value, turned }: Matrix): string {
  return turned ? transposed(g, value) : value;
}

/** [N, M] -> [M, N]; the third dimension keeps ONNX Runtime from exchanging the factors of a product instead. */
export function transposed(g: GraphBuilder, matrix: string): string {
  const planes = g.node("Transpose", [g.node("Unsqueeze", [matrix, g.ints([1])])], { perm: [2, 1, 0] });
  return g.node("Squeeze", [planes, g.ints([1])]);
}
