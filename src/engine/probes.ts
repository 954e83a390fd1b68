// The pictures on which candidates are compared: all of them at once, and the parts on which they race. Each part has its
// own dense reference, sampled when it is first needed.

import type { Part } from "../core/racing.ts";
import type { SearchRequest } from "./api.ts";
import type { FitnessEvaluator, Scored } from "./fitness.ts";
import { batchOf, openEvaluator } from "./picture-set.ts";
import type { OpenSchedule, Pipeline } from "./pipeline.ts";

export class Probes {
  readonly #pipeline: Pipeline;
  readonly #request: SearchRequest;
  readonly #whole: FitnessEvaluator;
  /** By first picture; prepared. */
  readonly #parts = new Map<number, FitnessEvaluator>();

  private constructor(pipeline: Pipeline, request: SearchRequest, whole: FitnessEvaluator) {
    this.#pipeline = pipeline;
    this.#request = request;
    this.#whole = whole;
  }

  /** @throws unknown-method, invalid-option; missing-data when the metric needs what the model lacks */
  static async open(pipeline: Pipeline, request: SearchRequest): Promise<Probes> {
    return new Probes(pipeline, request, await openEvaluator(pipeline, request, "probes", request.probes));
  }

  /** Scores the dense model: what all pictures are compared with. */
  prepare(signal: AbortSignal): Promise<Scored> {
    return this.#whole.prepare(signal);
  }

  async score(schedule: OpenSchedule, signal: AbortSignal, part?: Part): Promise<Scored> {
    const evaluator = part ? await this.#evaluatorOf(part, signal) : this.#whole;
    return evaluator.score(schedule, signal);
  }

  async free(): Promise<void> {
    for (const part of this.#parts.values()) part.forget();
    await this.#whole.free();
  }

  async #evaluatorOf(part: Part, signal: AbortSignal): Promise<FitnessEvaluator> {
    const known = this.#parts.get(part.first);
    if (known) return known;
    const evaluator = this.#whole.on(batchOf(this.#pipeline, this.#request, "probes", part));
    await evaluator.prepare(signal);
    this.#parts.set(part.first, evaluator);
    return evaluator;
  }
}
