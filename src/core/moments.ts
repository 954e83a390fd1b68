// Mean and covariance of vectors that come one batch after another, in float64 (Welford's update): memory depends on
// their length and never on how many there are.

import { StudioError } from "./errors.ts";

/** What a Gaussian fitted to vectors of length D knows of them. */
export interface Gaussian {
  /** How many vectors it was fitted to. */
  readonly count: number;
  /** [D] */
  readonly mean: Float64Array;
  /** Of a sample: divided by count - 1. [D, D] */
  readonly covariance: Float64Array;
}

export class Moments {
  #count = 0;
  readonly #mean: Float64Array;
  /** Sums of products of deviations; the lower triangle. [D, D] */
  readonly #sums: Float64Array;

  constructor(dimension: number) {
    this.#mean = new Float64Array(dimension);
    this.#sums = new Float64Array(dimension * dimension);
  }

  get count(): number {
    return this.#count;
  }

  /** @param rows [B, D] */
  add(rows: Float32Array): void {
    const [mean, sums] = [this.#mean, this.#sums];
    const d = mean.length;
    const off = new Float64Array(d);
    for (let start = 0; start < rows.length; start += d) {
      const share = 1 / ++this.#count;
      for (let i = 0; i < d; i++) {
        off[i] = rows[start + i]! - mean[i]!;
        mean[i]! += share * off[i]!;
      }
      for (let i = 0; i < d; i++) {
        const weight = (1 - share) * off[i]!;
        for (let j = 0; j <= i; j++) sums[i * d + j]! += weight * off[j]!;
      }
    }
  }

  /** @throws invalid-input for fewer than two vectors, which have no covariance */
  gaussian(): Gaussian {
    const [count, d] = [this.#count, this.#mean.length];
    if (count < 2)
      throw new StudioError("invalid-input", `moments: ${count} vectors have no covariance; give 2 or more`);
    const covariance = new Float64Array(d * d);
    for (let i = 0; i < d; i++)
      for (let j = 0; j <= i; j++) covariance[i * d + j] = covariance[j * d + i] = this.#sums[i * d + j]! / (count - 1);
    return { count, mean: this.#mean.slice(), covariance };
  }
}
