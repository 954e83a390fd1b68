// Sets of pictures on which schedules are scored: the probes, and those that no candidate was selected on.

import type { Part } from "../core/racing.ts";
import { stream } from "../core/rng.ts";
import type { Calls, SearchRequest } from "./api.ts";
import { contextId, type Evaluation, type EvaluationStore } from "./evaluations.ts";
import { FitnessEvaluator, type Scored } from "./fitness.ts";
import { type Batch, divisionOf, type OpenSchedule, type Pipeline } from "./pipeline.ts";

/** Pictures of one purpose: their noise and labels follow from the seed and the purpose. */
export type PictureSet = "probes" | "validation" | "held-out";

/** What scores are made of, beside pictures and schedules. */
export type Scoring = Pick<SearchRequest, "metric" | "steps" | "guidance" | "sampler" | "seed">;

/** The request's fitness on a set of pictures. */
export function openEvaluator(
  pipeline: Pipeline,
  request: Scoring,
  set: PictureSet,
  count: number,
): Promise<FitnessEvaluator> {
  const batch = batchOf(pipeline, request, set, { first: 0, count });
  return FitnessEvaluator.open(pipeline, request.metric, batch, request);
}

/** Part of a set; classes come in turn, in an order of the set's own. */
export function batchOf(pipeline: Pipeline, { seed }: Scoring, set: PictureSet, { first, count }: Part): Batch {
  const { numClasses } = pipeline.model.spec;
  const classes = stream(seed, "labels", set).shuffle([...Array(numClasses).keys()]);
  const labels = Array.from({ length: count }, (_, index) => classes[(first + index) % numClasses] as number);
  return pipeline.batch(seed, set, labels, first);
}

export interface RecordedPictures {
  readonly pipeline: Pipeline;
  readonly request: Scoring;
  readonly set: PictureSet;
  readonly count: number;
  readonly evaluations: EvaluationStore;
  /** Called for what is not recorded: it may wait. */
  readonly exclusive: <T>(work: () => Promise<T>) => Promise<T>;
}

/**
 * Scores on a set of pictures, each looked up before it is made. The dense model, which all are compared with, is sampled
 * only when something must be made: what is recorded costs the device nothing.
 */
export class RecordedScores {
  readonly #pictures: RecordedPictures;
  readonly #evaluator: FitnessEvaluator;
  #prepared = false;
  #calls: Calls = { run: 0, saved: 0 };

  private constructor(pictures: RecordedPictures, evaluator: FitnessEvaluator) {
    this.#pictures = pictures;
    this.#evaluator = evaluator;
  }

  /** @throws unknown-method, invalid-option; missing-data when the metric needs what the model lacks */
  static async open(pictures: RecordedPictures): Promise<RecordedScores> {
    const { pipeline, request, set, count } = pictures;
    return new RecordedScores(pictures, await openEvaluator(pipeline, request, set, count));
  }

  /** Of the denoiser since this was opened, the dense model's included. */
  get calls(): Calls {
    return this.#calls;
  }

  async score(schedule: OpenSchedule, signal: AbortSignal): Promise<Evaluation> {
    const { pipeline, request, set, count, evaluations, exclusive } = this.#pictures;
    const { model, runtime } = pipeline;
    const { bank, levels } = schedule;
    const division = divisionOf(schedule);
    const { device } = runtime;
    const context = contextId({ model: model.card.id, bank: bank.id, division, request, set, count, device });
    let made: Scored | undefined;
    const evaluation = await evaluations.once(context, levels, () =>
      exclusive(async () => {
        if (!this.#prepared) this.#count((await this.#evaluator.prepare(signal)).calls);
        this.#prepared = true;
        made = await this.#evaluator.score(schedule, signal);
        return made;
      }),
    );
    this.#count(made?.calls ?? { run: 0, saved: pipeline.linearSteps(request).length });
    return evaluation;
  }

  free(): Promise<void> {
    return this.#evaluator.free();
  }

  #count({ run, saved }: Calls): void {
    this.#calls = { run: this.#calls.run + run, saved: this.#calls.saved + saved };
  }
}
