// What pruning one stage alone costs, measured at every few levels: the table that the searchers' additive model starts
// from (searchers/parts/sensitivity.ts), as a result of its own. It holds for every budget. Nothing is kept but
// evaluations, so a table that was interrupted goes on from them, and searches of the same pictures share them.

import { lossOf, type StageLosses, schedulesByLoss } from "../core/additive.ts";
import { trajectoryMacs } from "../core/cost.ts";
import { StudioError } from "../core/errors.ts";
import { checkOptions } from "../core/options.ts";
import { scheduleKey, sparsityOf } from "../core/schedule.ts";
import type { Level } from "../core/tensor.ts";
import { tableOptions } from "../searchers/parts/options.ts";
import { tableAsks, tableLosses } from "../searchers/parts/sensitivity.ts";
import type { On, Prediction, SensitivityEvent, SensitivityRequest, SensitivityResult } from "./api.ts";
import { EvaluationStore } from "./evaluations.ts";
import { banksOf, type Experiment, plan } from "./experiment.ts";
import type { LoadedModel } from "./load.ts";
import { RecordedScores } from "./picture-set.ts";
import type { Pipeline } from "./pipeline.ts";
import type { PrecomputeTools } from "./precompute.ts";
import { openBanks } from "./search-banks.ts";
import { Stopwatch } from "./stopwatch.ts";

export interface SensitivityTools extends PrecomputeTools {
  /** Returns at once, or when a pause ends. */
  readonly hold: (signal: AbortSignal) => Promise<void>;
}

/** @throws invalid-input without targets, or for a fitness that is not finite; what `search` throws for the rest */
export async function measureSensitivity(
  pipeline: Pipeline,
  request: SensitivityRequest,
  tools: SensitivityTools,
  on: On<SensitivityEvent>,
  signal: AbortSignal,
): Promise<SensitivityResult> {
  const started = tools.now();
  const { model, runtime } = pipeline;
  const experiments = experimentsOf(model, request);
  const [experiment] = experiments;
  const { maxLevel, search } = experiment;
  const { division } = search;
  const [{ bank }] = await openBanks(pipeline, experiment, [banksOf(experiment)[0]], tools, on, signal);
  const scores = await RecordedScores.open({
    pipeline,
    request,
    set: "probes",
    count: request.probes,
    evaluations: new EvaluationStore(tools.storage),
    exclusive: async (work) => {
      await tools.hold(signal);
      return tools.exclusive(work);
    },
  });

  // Without a budget, every level is one that a stage can have.
  const space = { numStages: request.stages, maxLevel, budget: Number.POSITIVE_INFINITY };
  const asks = tableAsks(space, request.levels);
  const fitness = new Map<string, number>();
  const dense = () => fitness.get(scheduleKey(division.map(() => 0))) as number; // is asked for first
  const watch = new Stopwatch(tools.now);
  let found = 0;
  try {
    for (const [done, { levels }] of asks.entries()) {
      const { run } = scores.calls;
      const stage = levels.findIndex((level) => level > 0);
      const level = levels[stage] ?? 0;
      const label = stage < 0 ? "The dense model" : `Stage ${stage} alone at level ${level}`;
      const left = watch.left((done - found) / (asks.length - found));
      on({ type: "progress", phase: "sensitivity", label, done, total: asks.length, left });
      signal.throwIfAborted();
      const scored = await scores.score({ bank, division, levels }, signal);
      if (scores.calls.run === run) found++;
      fitness.set(scheduleKey(levels), checked(label, scored.fitness));
      if (stage >= 0) on({ type: "loss", stage, level, loss: dense() - scored.fitness });
    }
  } finally {
    await scores.free();
  }

  const losses = tableLosses(asks, fitness, space) as StageLosses; // all were measured
  const measured = (stage: number, level: Level) => fitness.has(scheduleKey(division.map(() => 0).with(stage, level)));
  const { storageError } = await bank.card();
  return {
    request,
    model: { id: model.card.id, name: model.card.name },
    division,
    bank: bank.id,
    storageError,
    maxLevel,
    dense: dense(),
    table: losses.map((row, stage) => row.map((loss, level) => ({ loss, measured: measured(stage, level) }))),
    predictions: experiments.map((experiment) => predictionOf(model, experiment, losses)),
    calls: scores.calls,
    elapsed: tools.now() - started,
    device: runtime.device,
  };
}

/** One for each target, checked before any work is done. */
function experimentsOf(model: LoadedModel, request: SensitivityRequest): readonly [Experiment, ...Experiment[]] {
  const { levels, targets, ...setting } = request;
  const options = checkOptions("sensitivity", tableOptions, { levels });
  const [first, ...more] = targets.map((target) =>
    plan(model, { ...setting, target, searcher: { id: "sensitivity", options }, validation: 0, heldOut: 2 }),
  );
  if (!first) throw new StudioError("invalid-input", "sensitivity: no targets; give one or more, such as 0.5");
  return [first, ...more];
}

function predictionOf(model: LoadedModel, experiment: Experiment, losses: StageLosses): Prediction {
  const { request, search, space, kind, maxLevel } = experiment;
  const levels = schedulesByLoss(losses, space).next().value as Level[]; // plan() found the budget reachable
  return {
    target: request.target,
    sparsity: sparsityOf(levels, search.stepsPerStage, maxLevel),
    macs: trajectoryMacs(model.spec, kind, levels, search.stageOfStep),
    levels,
    loss: lossOf(levels, losses),
  };
}

function checked(label: string, fitness: number): number {
  if (Number.isFinite(fitness)) return fitness;
  throw new StudioError(
    "invalid-input",
    `sensitivity: ${label} has fitness ${fitness}, which must be finite; choose another metric`,
  );
}
