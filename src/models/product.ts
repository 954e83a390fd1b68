// Matrix products whose bits do not depend on the number of threads. ONNX Runtime gives threads rows of the result when
// it has at least as many rows as columns, and then adds up alike whatever their number; else it gives them columns, and
// adds up in longer blocks for few of them. So a result with more columns than rows is computed turned, and stays so
// until somebody needs it upright. (Weights inside a graph are packed once and need none of this.)

import type { GraphWriter } from "../formats/onnx.ts";

/** A matrix [rows, columns], or turned: in memory [columns, rows]. */
export interface Matrix {
  readonly value: string;
  readonly turned: boolean;
}

export interface Product {
  /** [M, K] */
  readonly left: Matrix;
  /** Each row gives a column of the result. [N, K] */
  readonly right: Matrix;
  /** Whether N > M. */
  readonly wide: boolean;
  /** What is added: of the result's shape or one that broadcasts to it, turned when the result is. */
  plus(turned: boolean): string;
  /** 1 when absent. */
  readonly scale?: number;
}

/** scale left right^T + plus [M, N], turned when it is wide. */
export function product(g: GraphWriter, { left, right, wide, plus, scale = 1 }: Product): Matrix {
  const alpha = scale === 1 ? {} : { alpha: { float: scale } };
  const gemm = (a: string, b: string, transposedA: boolean, transposedB: boolean) => {
    const orientation = { ...(transposedA && { transA: 1 }), ...(transposedB && { transB: 1 }) };
    return { value: g.node("Gemm", [a, b, plus(wide)], { ...orientation, ...alpha }), turned: wide };
  };
  if (wide) return gemm(right.value, left.value, right.turned, !left.turned);
  return gemm(upright(g, left), right.value, false, !right.turned);
}

/** left right^T + bias, bias [N] */
export function affine(g: GraphWriter, left: Matrix, right: string, bias: string, wide: boolean): Matrix {
  return product(g, {
    left,
    right: { value: right, turned: false },
    wide,
    plus: (turned) => (turned ? g.node("Unsqueeze", [bias, g.ints([1])]) : bias),
  });
}

/** [rows, columns] */
export function upright(g: GraphWriter, { value, turned }: Matrix, output?: string): string {
  return turned ? transposed(g, value, output) : value;
}

/**
 * [N, M] -> [M, N]. The third dimension keeps ONNX Runtime from exchanging the factors of a product instead; it stands
 * where one axis moves past the others, which has a fast path.
 */
export function transposed(g: GraphWriter, matrix: string, output?: string): string {
  const planes = g.node("Transpose", [g.node("Unsqueeze", [matrix, g.ints([2])])], { perm: [1, 2, 0] });
  return g.node("Squeeze", [planes, g.ints([1])], {}, output === undefined ? {} : { outputs: [output] });
}
