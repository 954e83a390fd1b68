// Schedule -> fitness: sample fixed pictures with the pruned model, score each against the dense model's result
// (Diff-ES §3.2). Noise, labels and reference never change during a search, so equal schedules score equally.

import { StudioError } from "../core/errors.ts";
import { checkOptions } from "../core/options.ts";
import type { Bytes, Milliseconds, Tensor } from "../core/tensor.ts";
import { metrics } from "../metrics/index.ts";
import type { Metric, MetricInput, Scorer } from "../metrics/metric.ts";
import type { DeviceTensor } from "../runtime/runtime.ts";
import type { Choice, ModelCard } from "./api.ts";
import { ByteCache } from "./byte-cache.ts";
import type { Batch, OpenSchedule, Pipeline, SamplingPlan } from "./pipeline.ts";

/** Latents at stage borders of earlier candidates; one of the demo's 16-probe searches fills about 20 MB. */
const PREFIX_BYTES: Bytes = 128 * 2 ** 20;

export interface Scored {
  /** Mean over pictures, in float64, in picture order. */
  readonly fitness: number;
  /** One per picture, higher is better. */
  readonly scores: readonly number[];
  readonly stepTimes: readonly Milliseconds[];
}

export class FitnessEvaluator {
  readonly #pipeline: Pipeline;
  readonly #scorer: Scorer;
  readonly #pictures: boolean;
  readonly #batch: Batch;
  readonly #plan: SamplingPlan;
  readonly #prefixes = new ByteCache<readonly Tensor[]>(PREFIX_BYTES);
  #reference: MetricInput | undefined;

  private constructor(pipeline: Pipeline, scorer: Scorer, pictures: boolean, batch: Batch, plan: SamplingPlan) {
    this.#pipeline = pipeline;
    this.#scorer = scorer;
    this.#pictures = pictures;
    this.#batch = batch;
    this.#plan = plan;
  }

  /** @throws unknown-method, invalid-option; missing-data when the metric needs what the model lacks */
  static async open(pipeline: Pipeline, choice: Choice, batch: Batch, plan: SamplingPlan): Promise<FitnessEvaluator> {
    const metric = metricFor(pipeline.model.card, choice);
    const options = checkOptions(choice.id, metric.options, choice.options);
    const scorer = await metric.open(pipeline.runtime, pipeline.model.networks, options);
    return new FitnessEvaluator(pipeline, scorer, metric.space === "pictures", batch, plan);
  }

  /** Samples the dense model once; every later score compares with it. */
  async prepare(signal: AbortSignal, onStep?: (done: number) => void): Promise<Scored> {
    const { latents, stepTimes } = await this.#pipeline.rollout(this.#batch, undefined, this.#plan, { signal, onStep });
    this.#reference = await this.#input(latents);
    const scores = await this.#scorer.score(this.#reference, this.#reference);
    return summarise(scores, stepTimes);
  }

  /** `fresh` ignores stored prefixes, so that every step runs and is timed. */
  async score(schedule: OpenSchedule, signal: AbortSignal, fresh = false): Promise<Scored> {
    if (!this.#reference) throw new Error("fitness: prepare() comes first");
    const prefixes = fresh ? undefined : this.#prefixes;
    const { latents, stepTimes } = await this.#pipeline.rollout(this.#batch, schedule, this.#plan, {
      signal,
      prefixes,
    });
    const student = await this.#input(latents);
    try {
      return summarise(await this.#scorer.score(student, this.#reference), stepTimes);
    } finally {
      freeInput(student);
    }
  }

  async free(): Promise<void> {
    if (this.#reference) freeInput(this.#reference);
    this.#prefixes.clear();
    await this.#scorer.free();
  }

  /** Takes over the latents. */
  async #input(latents: DeviceTensor): Promise<MetricInput> {
    if (!this.#pictures) return { latents };
    try {
      return { latents, pictures: await this.#pipeline.decode(latents) };
    } catch (error) {
      latents.free();
      throw error;
    }
  }
}

/** @throws unknown-method, invalid-option; missing-data when the metric needs what the model lacks */
export function metricFor(card: ModelCard, choice: Choice): Metric {
  const metric = metrics.get(choice.id);
  checkOptions(choice.id, metric.options, choice.options);
  if (card.metrics.includes(choice.id)) return metric;
  const decoder = metric.space === "pictures" && !card.hasDecoder;
  const missing = decoder ? "decoder" : `network "${metric.networks.join(", ")}"`;
  throw new StudioError(
    "missing-data",
    `metric ${choice.id}: ${card.name} has no ${missing}; use one of ${card.metrics.join(", ")}`,
  );
}

function summarise(scores: Float32Array, stepTimes: readonly Milliseconds[]): Scored {
  let sum = 0;
  for (const score of scores) sum += score;
  return { fitness: sum / scores.length, scores: [...scores], stepTimes };
}

function freeInput({ latents, pictures }: MetricInput): void {
  latents.free();
  pictures?.free();
}
