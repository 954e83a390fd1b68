// What drawings of the same pictures share while a person edits their schedule: the dense model's pictures, which all are
// compared with, and latents at stage borders, from which the next drawing goes on. One set of pictures at a time.

import type { Choice } from "./api.ts";
import { FitnessEvaluator } from "./fitness.ts";
import type { Batch, Pipeline, SamplingPlan } from "./pipeline.ts";

/** Pictures that are drawn again and again, some at a time. */
export interface Subject {
  readonly batch: Batch;
  /** Pictures of each part; together as many as the batch has. */
  readonly parts: readonly number[];
  readonly plan: SamplingPlan;
  readonly metric: Choice;
}

export class Sketchbook {
  readonly #pipeline: Pipeline;
  #subject = "";
  /** One for each part, once it was drawn. */
  #pages: FitnessEvaluator[] = [];

  constructor(pipeline: Pipeline) {
    this.#pipeline = pipeline;
  }

  /** Turns to a part; when it is new, the dense model draws it first. Pages of another subject are thrown away. */
  async page(subject: Subject, part: number, signal: AbortSignal): Promise<FitnessEvaluator> {
    const key = keyOf(subject);
    if (key !== this.#subject) await this.free();
    this.#subject = key;
    const known = this.#pages[part];
    if (known) return known;
    const { parts, plan, metric } = subject;
    const first = parts.slice(0, part).reduce((sum, count) => sum + count, 0);
    const batch = partOf(subject.batch, first, parts[part] as number);
    const page = await FitnessEvaluator.open(this.#pipeline, metric, batch, plan);
    try {
      await page.prepare(signal);
    } catch (error) {
      await page.free();
      throw error;
    }
    this.#pages[part] = page;
    return page;
  }

  async free(): Promise<void> {
    const pages = this.#pages.filter(Boolean);
    this.#pages = [];
    for (const page of pages) await page.free();
  }
}

function keyOf({ batch, parts, plan, metric }: Subject): string {
  const { steps, guidance, sampler } = plan;
  return JSON.stringify([parts, steps, guidance, sampler, metric, [...batch.labels], [...batch.noise.data]]);
}

function partOf({ noise, labels }: Batch, first: number, count: number): Batch {
  const size = noise.data.length / labels.length;
  const data = noise.data.slice(first * size, (first + count) * size);
  return { noise: { shape: [count, ...noise.shape.slice(1)], data }, labels: labels.slice(first, first + count) };
}
