// Where searchers are compared: one pruner, one target, one set of probe pictures. Every schedule is sampled once, whoever
// asks for it; what a search would have cost alone is counted from what it asked, so that comparisons share samples but
// not costs, and a bench that was stopped goes on where it was.

import type { OptionValues } from "../../../core/options.ts";
import { scheduleKey } from "../../../core/schedule.ts";
import type { LevelSpace } from "../../../core/space.ts";
import type { Level } from "../../../core/tensor.ts";
import type { SearchRequest } from "../../../engine/api.ts";
import { Bank } from "../../../engine/bank.ts";
import { contextId, EvaluationStore } from "../../../engine/evaluations.ts";
import { calibrateRequest, type Experiment, plan } from "../../../engine/experiment.ts";
import type { FitnessEvaluator } from "../../../engine/fitness.ts";
import { loadModel } from "../../../engine/load.ts";
import { openEvaluator } from "../../../engine/picture-set.ts";
import { Pipeline } from "../../../engine/pipeline.ts";
import { searchers } from "../../../searchers/index.ts";
import { readModelFile } from "../../environment.ts";
import type { BenchTools } from "../bench.ts";

/** What a searcher asked for and was told, in the order of asking. */
export interface Told {
  readonly levels: readonly Level[];
  readonly fitness: number;
  /** Off the budget: evidence, never a winner. */
  readonly partial: boolean;
}

export class Arena {
  readonly experiment: Experiment;
  readonly #pipeline: Pipeline;
  readonly #bank: Bank;
  readonly #evaluator: FitnessEvaluator;
  readonly #evaluations: EvaluationStore;
  readonly #context: string;
  readonly #signal: AbortSignal;
  #prepared = false;

  private constructor(
    experiment: Experiment,
    pipeline: Pipeline,
    bank: Bank,
    evaluator: FitnessEvaluator,
    evaluations: EvaluationStore,
    context: string,
    signal: AbortSignal,
  ) {
    this.experiment = experiment;
    this.#pipeline = pipeline;
    this.#bank = bank;
    this.#evaluator = evaluator;
    this.#evaluations = evaluations;
    this.#context = context;
    this.#signal = signal;
  }

  static async open(
    { engine, runtime, storage, source }: BenchTools,
    request: SearchRequest,
    signal: AbortSignal,
  ): Promise<Arena> {
    const model = await loadModel(source, readModelFile, () => {});
    const experiment = plan(model, request);
    const { division } = experiment.search;
    const { id } = await engine.calibrate(calibrateRequest(experiment, division), () => {}, signal);
    const bank = (await Bank.open(storage, id)) as Bank;
    const pipeline = new Pipeline(runtime, model, () => 0);
    const evaluator = await openEvaluator(pipeline, request, "probes", request.probes);
    const { probes: count } = request;
    const { device } = runtime;
    const context = contextId({ model: model.card.id, bank: id, division, request, set: "probes", count, device });
    return new Arena(experiment, pipeline, bank, evaluator, new EvaluationStore(storage), context, signal);
  }

  get space(): LevelSpace {
    return this.experiment.space;
  }

  /** Runs a searcher to its end, or until it has asked for so many schedules on the budget. */
  async run(id: string, options: OptionValues, seed: number, most = Number.POSITIVE_INFINITY): Promise<Told[]> {
    const { space, projected } = this.experiment;
    const searcher = searchers.get(id);
    const search = searcher.start(space, options, seed, [projected]);
    const told: Told[] = [];
    while (!search.done && told.filter(({ partial }) => !partial).length < most) {
      const fitness: number[] = [];
      for (const { levels, partial = false } of search.ask()) {
        fitness.push(await this.#score(levels));
        told.push({ levels, fitness: fitness.at(-1) as number, partial });
      }
      search.tell(fitness);
    }
    return told;
  }

  async free(): Promise<void> {
    await this.#evaluator.free();
    await this.#pipeline.free();
  }

  async #score(levels: readonly Level[]): Promise<number> {
    this.#signal.throwIfAborted();
    const { fitness } = await this.#evaluations.once(this.#context, levels, async () => {
      if (!this.#prepared) await this.#evaluator.prepare(this.#signal);
      this.#prepared = true;
      const { division } = this.experiment.search;
      return this.#evaluator.score({ bank: this.#bank, division, levels }, this.#signal);
    });
    return fitness;
  }
}

/** The best schedule's fitness after so many denoiser calls (each for all probes). */
export interface CurvePoint {
  readonly calls: number;
  readonly evaluations: number;
  readonly best: number;
}

export interface Curve {
  /** Where the best improved. */
  readonly points: readonly CurvePoint[];
  /** Of the whole search. */
  readonly calls: number;
}

/**
 * What a search cost. With `reuse`, stages that an earlier schedule began with alike are not run again; without it
 * only whole schedules are known, as in the authors' score cache. The dense reference is counted.
 */
export function curveOf(told: readonly Told[], stepsPerStage: readonly number[], reuse: boolean): Curve {
  const steps = stepsPerStage.reduce((sum, count) => sum + count, 0);
  const seen = new Set<string>();
  const points: CurvePoint[] = [];
  let calls = steps;
  let best = Number.NEGATIVE_INFINITY;
  for (const [index, { levels, fitness, partial }] of told.entries()) {
    if (!reuse) {
      if (!seen.has(scheduleKey(levels))) calls += steps;
      seen.add(scheduleKey(levels));
    } else
      for (const [stage, count] of stepsPerStage.entries()) {
        const prefix = scheduleKey(levels.slice(0, stage + 1));
        if (!seen.has(prefix)) calls += count;
        seen.add(prefix);
      }
    if (partial || fitness <= best) continue;
    best = fitness;
    points.push({ calls, evaluations: index + 1, best });
  }
  return { points, calls };
}

/** Calls until the best reaches a fitness; undefined when it never does. */
export function callsTo(points: readonly CurvePoint[], fitness: number): number | undefined {
  return points.find(({ best }) => best >= fitness)?.calls;
}

/** The best within so many calls. */
export function bestWithin(points: readonly CurvePoint[], calls: number): number | undefined {
  return points.findLast((point) => point.calls <= calls)?.best;
}
