// Schedule -> fitness: sample fixed pictures with the pruned model, score each against the dense model's result
// (Diff-ES §3.2), at the end or along the trajectory. Noise, labels and reference never change during a search, so equal
// schedules score equally.

import { StudioError } from "../core/errors.ts";
import { checkOptions } from "../core/options.ts";
import type { Bytes, Milliseconds } from "../core/tensor.ts";
import type { Criterion } from "../metrics/criterion/criterion.ts";
import { stepWeights } from "../metrics/criterion/trajectory.ts";
import { metrics } from "../metrics/index.ts";
import type { MetricInput, Scorer } from "../metrics/metric.ts";
import type { Calls, Choice, ModelCard } from "./api.ts";
import type { Batch, OpenSchedule, Pipeline, Rollout, RolloutOptions, SamplingPlan } from "./pipeline.ts";
import { PrefixCache } from "./prefix-cache.ts";
import { freeInput, type Look, stepInputs } from "./step-inputs.ts";

/** Latents at stage borders of earlier candidates; one of the demo's 16-probe searches fills about 20 MB. */
const PREFIX_BYTES: Bytes = 128 * 2 ** 20;

export interface Scored {
  /** Mean over pictures, in float64, in picture order. */
  readonly fitness: number;
  /** One per picture, higher is better. */
  readonly scores: readonly number[];
  readonly stepTimes: readonly Milliseconds[];
  readonly calls: Calls;
}

export interface ScoreOptions {
  /** Ignores stored prefixes, so that every step runs and is timed. */
  readonly fresh?: boolean;
  readonly onStep?: ((done: number) => void) | undefined;
  /** Sees what the schedule came to, before it is freed. */
  readonly look?: (result: MetricInput) => Promise<void>;
}

export class FitnessEvaluator {
  readonly #pipeline: Pipeline;
  readonly #criterion: Criterion;
  readonly #look: Look;
  /** Of the steps that are looked at; they add up to 1. */
  readonly #weights: readonly number[];
  /** By metric id. */
  readonly #scorers: ReadonlyMap<string, Scorer>;
  readonly #prefixes: PrefixCache;
  /** Of the dense model, at every step that is looked at. */
  #reference: readonly MetricInput[] | undefined;

  private constructor(
    pipeline: Pipeline,
    criterion: Criterion,
    look: Look,
    weights: readonly number[],
    scorers: ReadonlyMap<string, Scorer>,
    prefixBytes: Bytes,
  ) {
    this.#pipeline = pipeline;
    this.#criterion = criterion;
    this.#look = look;
    this.#weights = weights;
    this.#scorers = scorers;
    this.#prefixes = new PrefixCache(prefixBytes);
  }

  /** @throws unknown-method, invalid-option; missing-data when the metric needs what the model lacks */
  static async open(pipeline: Pipeline, choice: Choice, batch: Batch, plan: SamplingPlan): Promise<FitnessEvaluator> {
    const criterion = metricFor(pipeline.model.card, choice);
    const options = checkOptions(choice.id, criterion.options, choice.options);
    const weights = stepWeights(options, pipeline.linearSteps(plan).length);
    const steps = [...weights.keys()].filter((step) => weights[step] !== 0);
    const look = { batch, plan, steps, pictures: criterion.space === "pictures" };
    const scorers = new Map<string, Scorer>();
    const evaluator = new FitnessEvaluator(pipeline, criterion, look, weights.filter(Boolean), scorers, PREFIX_BYTES);
    try {
      for (const [id, metric] of criterion.parts)
        scorers.set(id, await metric.open(pipeline.runtime, pipeline.model.networks, options));
    } catch (error) {
      await evaluator.free();
      throw error;
    }
    return evaluator;
  }

  /** The same fitness on other pictures. It scores with this one's networks, so it must not outlive it. */
  on(batch: Batch): FitnessEvaluator {
    const share = batch.labels.length / this.#look.batch.labels.length;
    const look = { ...this.#look, batch };
    return new FitnessEvaluator(
      this.#pipeline,
      this.#criterion,
      look,
      this.#weights,
      this.#scorers,
      share * PREFIX_BYTES,
    );
  }

  /**
   * Samples the dense model once; every later score compares with it, and starts from it as long as its levels are 0.
   * `fresh` keeps it from that, so that no step waits for its latents and all are timed alike.
   */
  async prepare(signal: AbortSignal, fresh = false): Promise<Scored> {
    const rollout = await this.#rollout(undefined, fresh ? { signal } : { signal, trajectory: true });
    if (!fresh) this.#prefixes.keepDense(rollout.trajectory);
    this.#reference = await stepInputs(this.#pipeline, this.#look, rollout);
    return this.#compare(this.#reference, this.#reference, rollout.stepTimes);
  }

  async score(schedule: OpenSchedule, signal: AbortSignal, options: ScoreOptions = {}): Promise<Scored> {
    if (!this.#reference) throw new Error("fitness: prepare() comes first");
    const { fresh, onStep, look } = options;
    const rollout = await this.#rollout(schedule, { signal, onStep, prefixes: fresh ? undefined : this.#prefixes });
    const student = await stepInputs(this.#pipeline, this.#look, rollout);
    try {
      await look?.(student.at(-1) as MetricInput);
      return await this.#compare(student, this.#reference, rollout.stepTimes);
    } finally {
      student.forEach(freeInput);
    }
  }

  /** What it keeps of its pictures. */
  forget(): void {
    this.#reference?.forEach(freeInput);
    this.#reference = undefined;
    this.#prefixes.clear();
  }

  /** All of it, and what others score with by `on`. */
  async free(): Promise<void> {
    this.forget();
    for (const scorer of this.#scorers.values()) await scorer.free();
  }

  #rollout(schedule: OpenSchedule | undefined, options: RolloutOptions): Promise<Rollout> {
    const { batch, plan, steps } = this.#look;
    return this.#pipeline.rollout(batch, schedule, plan, { trajectory: steps.length > 1, ...options });
  }

  /** Every metric along the steps, then what the criterion makes of them. */
  async #compare(
    student: readonly MetricInput[],
    reference: readonly MetricInput[],
    stepTimes: readonly Milliseconds[],
  ): Promise<Scored> {
    const scores = new Map<string, Float64Array>();
    for (const [id, scorer] of this.#scorers) {
      const sums = new Float64Array(this.#look.batch.labels.length);
      for (const [index, weight] of this.#weights.entries()) {
        const values = await scorer.score(student[index] as MetricInput, reference[index]);
        for (const [item, value] of values.entries()) sums[item] = (sums[item] as number) + weight * value;
      }
      scores.set(id, sums);
    }
    const combined = [...this.#criterion.combine(scores)];
    const run = stepTimes.length;
    const saved = this.#pipeline.linearSteps(this.#look.plan).length - run;
    return { fitness: meanOf(combined), scores: combined, stepTimes, calls: { run, saved } };
  }
}

/**
 * What a request's metric choice says candidates are compared by.
 * @throws unknown-method, invalid-option; missing-data when the model lacks what a metric needs
 */
export function metricFor(card: ModelCard, choice: Choice): Criterion {
  const criterion = metrics.get(choice.id);
  checkOptions(choice.id, criterion.options, choice.options);
  for (const [id, { space, networks }] of criterion.parts) {
    if (card.metrics.includes(id)) continue;
    const decoder = space === "pictures" && !card.hasDecoder;
    const missing = decoder ? "decoder" : `network "${networks.join(", ")}"`;
    throw new StudioError(
      "missing-data",
      `metric ${id}: ${card.name} has no ${missing}; use one of ${card.metrics.join(", ")}`,
    );
  }
  return criterion;
}

/** In float64, in order. */
export function meanOf(scores: readonly number[]): number {
  return scores.reduce((sum, score) => sum + score, 0) / scores.length;
}
