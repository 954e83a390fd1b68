// Where searchers are compared: one pruner, one target, one set of probe pictures. Every schedule is sampled once, whoever
// asks for it; what a search would have cost alone is counted from what it asked, so that comparisons share samples but
// not costs, and a bench that was stopped goes on where it was.

import type { OptionValues } from "../../../core/options.ts";
import type { Part, Racing } from "../../../core/racing.ts";
import { scheduleKey } from "../../../core/schedule.ts";
import type { LevelSpace } from "../../../core/space.ts";
import type { Level } from "../../../core/tensor.ts";
import type { SearchRequest } from "../../../engine/api.ts";
import { Bank } from "../../../engine/bank.ts";
import { contextId, type Evaluation, EvaluationStore } from "../../../engine/evaluations.ts";
import { calibrateRequest, type Experiment, plan } from "../../../engine/experiment.ts";
import { loadModel } from "../../../engine/load.ts";
import { Pipeline } from "../../../engine/pipeline.ts";
import { Probes } from "../../../engine/probes.ts";
import { type GenerationRecord, type Outcome, playRound, type Scoring } from "../../../engine/round.ts";
import { searchers } from "../../../searchers/index.ts";
import { readModelFile } from "../../environment.ts";
import type { BenchTools } from "../bench.ts";

export class Arena {
  readonly experiment: Experiment;
  readonly #pipeline: Pipeline;
  readonly #bank: Bank;
  readonly #probes: Probes;
  readonly #evaluations: EvaluationStore;
  readonly #context: string;
  readonly #signal: AbortSignal;
  #prepared = false;

  private constructor(
    experiment: Experiment,
    pipeline: Pipeline,
    bank: Bank,
    probes: Probes,
    evaluations: EvaluationStore,
    context: string,
    signal: AbortSignal,
  ) {
    this.experiment = experiment;
    this.#pipeline = pipeline;
    this.#bank = bank;
    this.#probes = probes;
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
    const probes = await Probes.open(pipeline, request);
    const { probes: count } = request;
    const { device } = runtime;
    const context = contextId({ model: model.card.id, bank: id, division, request, set: "probes", count, device });
    return new Arena(experiment, pipeline, bank, probes, new EvaluationStore(storage), context, signal);
  }

  get space(): LevelSpace {
    return this.experiment.space;
  }

  /** Runs a searcher to its end, or until it has asked for so many schedules on the budget; in the order of asking. */
  async run(
    id: string,
    options: OptionValues,
    seed: number,
    most = Number.POSITIVE_INFINITY,
    racing?: Racing,
  ): Promise<Outcome[]> {
    const { space, projected, request } = this.experiment;
    const search = searchers.get(id).start(space, options, seed, [projected]);
    const scoring: Scoring = {
      request: { probes: request.probes, racing },
      score: (levels, part) => this.#score(levels, part),
    };
    const told: Outcome[] = [];
    let last: GenerationRecord | undefined;
    while (!search.done && told.filter(({ candidate }) => !candidate.partial).length < most) {
      const { outcomes, generation } = await playRound(search, last, scoring);
      told.push(...outcomes);
      last = generation ?? last;
    }
    return told;
  }

  async free(): Promise<void> {
    await this.#probes.free();
    await this.#pipeline.free();
  }

  #score(levels: readonly Level[], part?: Part): Promise<Evaluation> {
    this.#signal.throwIfAborted();
    const make = async () => {
      if (!part && !this.#prepared) await this.#probes.prepare(this.#signal);
      this.#prepared ||= !part;
      const { division } = this.experiment.search;
      return this.#probes.score({ bank: this.#bank, division, levels }, this.#signal, part);
    };
    return this.#evaluations.once(this.#context, levels, make, part);
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
 * only whole schedules are known, as in the authors' score cache. Dense references are counted, and a call for a part of
 * the probes as that part.
 */
export function curveOf(
  told: readonly Outcome[],
  stepsPerStage: readonly number[],
  probes: number,
  reuse: boolean,
): Curve {
  const steps = stepsPerStage.reduce((sum, count) => sum + count, 0);
  const seen = new Set<string>();
  const points: CurvePoint[] = [];
  let calls = 0;
  let best = Number.NEGATIVE_INFINITY;
  const once = (key: string, cost: number) => {
    if (!seen.has(key)) calls += cost;
    seen.add(key);
  };
  for (const [index, { candidate, levels, fitness, stopped, evaluations }] of told.entries()) {
    for (const { part } of evaluations) {
      const share = (part?.count ?? probes) / probes;
      const batch = part ? `from ${part.first}` : "all";
      once(batch, steps * share);
      if (!reuse) once(`${batch}: ${scheduleKey(levels)}`, steps * share);
      else
        for (const [stage, count] of stepsPerStage.entries())
          once(`${batch}: ${scheduleKey(levels.slice(0, stage + 1))}`, count * share);
    }
    if (candidate.partial || stopped || fitness <= best) continue;
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
