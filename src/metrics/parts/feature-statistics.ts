// What is known of a set of pictures once a network has looked at them, batch by batch. Memory does not depend on how
// many there are, except for the features themselves, of which so many are kept as neighbours are looked for among.

import { StudioError } from "../../core/errors.ts";
import type { Rows } from "../../core/kernel-distance.ts";
import { exp, log } from "../../core/math.ts";
import { type Gaussian, Moments } from "../../core/moments.ts";
import type { Tensor } from "../../core/tensor.ts";

/** What a network says of a batch of pictures. */
export interface Seen {
  /** [B, D] */
  readonly features: Tensor;
  /** Of a classifier. [B, K] */
  readonly logits?: Tensor | undefined;
  /** What the pictures should show; what is no class stands for none. [B] */
  readonly labels?: Int32Array | undefined;
}

/** Predicted classes of pictures that came one after the other. */
export interface Split {
  readonly count: number;
  /** Mean probability of each class. [K] */
  readonly mean: Float64Array;
  /** Mean over the pictures of sum_k p_k log p_k, nats. */
  readonly negativeEntropy: number;
}

export interface FeatureStatistics {
  readonly gaussian: Gaussian;
  /** Of the first pictures. */
  readonly rows: Rows;
  /** In order; the last may be shorter. None without logits. */
  readonly splits: readonly Split[];
  /** Of the pictures with a label: how many there are and how many are recognised. */
  readonly labelled: { readonly count: number; readonly right: number };
}

export interface GatherOptions {
  /** Features that are kept. */
  readonly keep?: number;
  /** Pictures of a split: 5,000 in the ADM evaluator. */
  readonly splitSize?: number;
}

export class FeatureGatherer {
  readonly #dimension: number;
  readonly #keep: number;
  readonly #splitSize: number;
  readonly #moments: Moments;
  readonly #rows: Float32Array[] = [];
  readonly #splits: OpenSplit[] = [];
  #kept = 0;
  #labelled = 0;
  #right = 0;

  constructor(dimension: number, { keep = 10_000, splitSize = 5_000 }: GatherOptions = {}) {
    this.#dimension = dimension;
    this.#keep = keep;
    this.#splitSize = splitSize;
    this.#moments = new Moments(dimension);
  }

  /** @throws invalid-input when a feature or a logit is not finite: no statistic would survive it */
  add({ features, logits, labels }: Seen): void {
    refuseBroken("features", features, this.#moments.count);
    this.#moments.add(features.data);
    const batch = features.shape[0] as number;
    const wanted = Math.min(batch, this.#keep - this.#kept);
    if (wanted > 0) this.#rows.push(features.data.slice(0, wanted * this.#dimension));
    this.#kept += Math.max(0, wanted);
    if (logits) this.#classify(logits, labels);
  }

  /** @throws invalid-input for fewer than two pictures */
  statistics(): FeatureStatistics {
    const data = new Float32Array(this.#kept * this.#dimension);
    let filled = 0;
    for (const rows of this.#rows) {
      data.set(rows, filled);
      filled += rows.length;
    }
    return {
      gaussian: this.#moments.gaussian(),
      rows: { dimension: this.#dimension, data },
      splits: this.#splits.map(({ count, sum, negativeEntropy }) => ({
        count,
        mean: sum.map((value) => value / count),
        negativeEntropy: negativeEntropy / count,
      })),
      labelled: { count: this.#labelled, right: this.#right },
    };
  }

  #classify(logits: Tensor, labels: Int32Array | undefined): void {
    refuseBroken("logits", logits, this.#moments.count);
    const [batch, classes] = logits.shape as [number, number];
    for (let i = 0; i < batch; i++) {
      const scores = logits.data.subarray(i * classes, (i + 1) * classes);
      this.#splitWithRoom(classes).add(scores);
      const label = labels?.[i] ?? classes;
      if (label >= classes) continue;
      this.#labelled++;
      this.#right += Number(scores.indexOf(Math.max(...scores)) === label);
    }
  }

  #splitWithRoom(classes: number): OpenSplit {
    const last = this.#splits.at(-1);
    if (last && last.count < this.#splitSize) return last;
    const next = new OpenSplit(classes);
    this.#splits.push(next);
    return next;
  }
}

class OpenSplit {
  count = 0;
  negativeEntropy = 0;
  /** Of probabilities. [K] */
  readonly sum: Float64Array;

  constructor(classes: number) {
    this.sum = new Float64Array(classes);
  }

  add(logits: Float32Array): void {
    const highest = Math.max(...logits);
    const powers = Float64Array.from(logits, (logit) => exp(logit - highest));
    const total = powers.reduce((sum, power) => sum + power, 0);
    this.count++;
    for (const [k, power] of powers.entries()) {
      const probability = power / total;
      this.sum[k]! += probability;
      if (probability > 0) this.negativeEntropy += probability * log(probability);
    }
  }
}

function refuseBroken(what: string, { data, shape }: Tensor, before: number): void {
  const bad = data.findIndex((value) => !Number.isFinite(value));
  if (bad < 0) return;
  const picture = Math.floor(bad / (shape[1] as number));
  throw new StudioError(
    "invalid-input",
    `${what}: a value is ${data[bad]}, of picture ${picture} after the first ${before}; leave broken pictures out`,
  );
}
