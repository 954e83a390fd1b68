// Greedy elimination as a pivoted Cholesky factorisation of G = H^-1 (Diff-ES §3.3, after Optimal Brain Surgeon). The
// authors downdate the inverse Hessian and the weights column by column; with G = Y Y^T in elimination order, the current
// G of that method is G - Y Y^T of the columns so far, so each number is written once. Current weights are kept as they
// are, because the scores need them.

import { columnsInOrder, type Factor, lowerSize } from "../../core/factor.ts";
import { choleskyInPlace, dot4, inverseTransposed, subtract, subtract4 } from "../../core/linalg.ts";
import type { LayerStatistics } from "../pruner.ts";

export interface Eliminated extends Pick<LayerStatistics, "weight" | "rows" | "columns" | "groupSize" | "boundaries"> {
  /** What such a column multiplies is always zero. */
  isDead(column: number): boolean;
}
export type Elimination = Pick<Factor, "order" | "losses" | "lower">;

/** Everything that changes while structures are removed. Group by group, `size` columns each. */
interface State {
  readonly n: number;
  readonly rows: number;
  readonly size: number;
  /** Columns not removed yet, ascending; the first `count` are valid. */
  readonly alive: Int32Array;
  count: number;
  /** Current weights, transposed: one contiguous row per column. [n, rows] */
  readonly weight: Float64Array;
  /** Squared length of each of them. [n] */
  readonly squares: Float64Array;
  /** Diagonal blocks of the current inverse Hessian, lower triangles. [n / size, size, size] */
  readonly blocks: Float64Array;
  /** Row: column of the layer. Column: place in the elimination order. [n, n] */
  readonly y: Float64Array;
  /** Of the group looked at last: C with C C^T = its block of G, and C^-1 times its weights. [size, size], [size, rows] */
  readonly pivot: Float64Array;
  readonly whitened: Float64Array;
}

function start(layer: Eliminated, g: Float64Array): State {
  const { rows, columns: n, groupSize: size } = layer;
  const weight = new Float64Array(n * rows);
  const squares = new Float64Array(n);
  const blocks = new Float64Array(n * size);
  for (let c = 0; c < n; c++) {
    // What a dead column multiplies is always zero: removing it costs nothing.
    if (!layer.isDead(c)) for (let r = 0; r < rows; r++) weight[c * rows + r] = layer.weight[r * n + c]!;
    for (let r = 0; r < rows; r++) squares[c]! += weight[c * rows + r]! * weight[c * rows + r]!;
    const first = c - (c % size);
    for (let b = 0; b < size; b++) blocks[c * size + b] = g[c * n + first + b]!;
  }
  return {
    n,
    rows,
    size,
    alive: Int32Array.from({ length: n }, (_, c) => c),
    count: n,
    weight,
    squares,
    blocks,
    y: new Float64Array(n * n),
    pivot: new Float64Array(size * size),
    whitened: new Float64Array(size * rows),
  };
}

/** Greedy elimination of all structures; `g` is the inverse Hessian, symmetric [columns, columns]. */
export function eliminate(layer: Eliminated, g: Float64Array): Elimination {
  const { columns: n, groupSize, boundaries } = layer;
  const state = start(layer, g);
  const order = new Int32Array(n / groupSize);
  const losses = new Float64Array(boundaries.length);
  let loss = 0;
  for (let level = 1, k = 0; level < boundaries.length; level++) {
    for (; k * groupSize < boundaries[level]!; k++) {
      const at = cheapest(state);
      order[k] = state.alive[at]! / groupSize;
      loss += remove(state, g, at, k);
    }
    // Rounded like the stored form, so that a factor read back equals a fresh one.
    losses[level] = Math.fround(loss);
  }
  const lower = levelBlocks(state.y, columnsInOrder({ order, groupSize }), boundaries);
  return { order, losses, lower };
}

/** Position in `alive` of the group whose removal costs least; the first of equals. */
function cheapest(state: State): number {
  let best = 0;
  let least = Infinity;
  for (let at = 0; at < state.count; at += state.size) {
    const score = scoreOf(state, state.alive[at]!);
    if (score < least) {
      least = score;
      best = at;
    }
  }
  return best;
}

/** Output error that removing the group from column `first` on would cost: tr(W_g (G_gg)^-1 W_g^T). */
function scoreOf(state: State, first: number): number {
  return state.size === 1 ? state.squares[first]! / state.blocks[first]! : whiten(state, first);
}

/** Fills `pivot` and `whitened` for the group from column `first` on and returns its score. */
function whiten(state: State, first: number): number {
  const { rows, size, weight, blocks, pivot, whitened } = state;
  for (let i = 0; i < size * size; i++) pivot[i] = blocks[first * size + i]!;
  choleskyInPlace(pivot, size);
  let score = 0;
  for (let a = 0; a < size; a++) {
    const to = a * rows;
    for (let r = 0; r < rows; r++) whitened[to + r] = weight[(first + a) * rows + r]!;
    for (let b = 0; b < a; b++) subtract(whitened, to, whitened, b * rows, pivot[a * size + b]!, rows);
    const scale = 1 / pivot[a * size + a]!;
    for (let r = 0; r < rows; r++) {
      whitened[to + r]! *= scale;
      score += whitened[to + r]! * whitened[to + r]!;
    }
  }
  return score;
}

/** Removes the group at `at` in `alive` as the k-th and returns what it costs. */
function remove(state: State, g: Float64Array, at: number, k: number): number {
  const { n, rows, size, alive, weight, squares, blocks, y, pivot, whitened } = state;
  const first = alive[at]!;
  const cost = whiten(state, first);
  alive.copyWithin(at, at + size, state.count);
  state.count -= size;
  const { count } = state;

  const column = k * size;
  const sums = new Float64Array(4);
  const values = new Float64Array(4);
  for (let b = 0; b < size; b++) {
    const source = first + b;
    for (let a = b; a < size; a++) y[(first + a) * n + column + b] = pivot[a * size + b]!;
    const scale = 1 / pivot[b * size + b]!;
    for (let i = 0; i < count; i += 4) {
      const c0 = alive[i]!;
      const c1 = alive[Math.min(i + 1, count - 1)]!;
      const c2 = alive[Math.min(i + 2, count - 1)]!;
      const c3 = alive[Math.min(i + 3, count - 1)]!;
      dot4(y, c0 * n, c1 * n, c2 * n, c3 * n, y, source * n, column + b, sums);
      values[0] = y[c0 * n + column + b] = (g[source * n + c0]! - sums[0]!) * scale;
      values[1] = y[c1 * n + column + b] = (g[source * n + c1]! - sums[1]!) * scale;
      values[2] = y[c2 * n + column + b] = (g[source * n + c2]! - sums[2]!) * scale;
      values[3] = y[c3 * n + column + b] = (g[source * n + c3]! - sums[3]!) * scale;
      subtract4(weight, c0 * rows, c1 * rows, c2 * rows, c3 * rows, whitened, b * rows, values, rows, sums);
      squares[c0] = sums[0]!;
      squares[c1] = sums[1]!;
      squares[c2] = sums[2]!;
      squares[c3] = sums[3]!;
    }
  }
  for (let i = 0; i < count; i++) {
    const c = alive[i]!;
    const own = c - (c % size);
    for (let a = own; a <= c; a++) {
      let sum = 0;
      for (let b = column; b < column + size; b++) sum += y[a * n + b]! * y[c * n + b]!;
      blocks[c * size + a - own]! -= sum;
    }
  }
  return cost;
}

/** L by level blocks: Y times the inverse of its diagonal level blocks, below them, packed as in `Factor.lower`. */
function levelBlocks(y: Float64Array, columns: Int32Array, boundaries: Int32Array): Float32Array {
  const n = columns.length;
  const lower = new Float32Array(lowerSize(boundaries));
  /** Where each row starts in `lower`. */
  const starts = new Int32Array(n);
  for (let block = 1, to = 0; block + 1 < boundaries.length; block++)
    for (let p = boundaries[block]!; p < boundaries[block + 1]!; p++, to += boundaries[block]!) starts[p] = to;

  const sums = new Float64Array(4);
  for (let block = 0; block + 2 < boundaries.length; block++) {
    const first = boundaries[block]!;
    const end = boundaries[block + 1]!;
    const width = end - first;
    const diagonal = new Float64Array(width * width);
    for (let i = 0; i < width; i++)
      for (let j = 0; j <= i; j++) diagonal[i * width + j] = y[columns[first + i]! * n + first + j]!;
    const inverse = inverseTransposed(diagonal, width);
    const rowAt = (p: number) => columns[Math.min(p, n - 1)]! * n + first;
    for (let p = end; p < n; p += 4) {
      const r0 = rowAt(p);
      const r1 = rowAt(p + 1);
      const r2 = rowAt(p + 2);
      const r3 = rowAt(p + 3);
      for (let j = 0; j < width; j++) {
        dot4(y, r0 + j, r1 + j, r2 + j, r3 + j, inverse, j * width + j, width - j, sums);
        for (let q = p; q < Math.min(p + 4, n); q++) lower[starts[q]! + first + j] = sums[q - p]!;
      }
    }
  }
  return lower;
}
