// The best that any three-stage schedule can do on MosaicDiff's borders: there are few within 1 % of the budget, so all
// of them are scored. It is chosen as a search chooses its winner, by the same probes and the same validation pictures.

import { type Dims, trajectoryMacs } from "../../../core/cost.ts";
import type { Level, Macs, StageIndex } from "../../../core/tensor.ts";
import type { ScoredSchedule } from "../../../engine/api.ts";
import type { Bank } from "../../../engine/bank.ts";
import { EvaluationStore } from "../../../engine/evaluations.ts";
import type { Experiment } from "../../../engine/experiment.ts";
import { FINALISTS, validate } from "../../../engine/judge.ts";
import { RecordedScores } from "../../../engine/picture-set.ts";
import type { Pipeline } from "../../../engine/pipeline.ts";
import type { Storage } from "../../../storage/storage.ts";

/** Of the budget's MACs. */
const TOLERANCE = 0.01;

/** Every [begin, middle, end] whose trajectory costs as many MACs as asked for, within 1 %. */
export function threeStageSchedules(
  dims: Dims,
  kind: "width" | "depth",
  maxLevel: Level,
  stageOfStep: readonly StageIndex[],
  macs: Macs,
): Level[][] {
  const levels = Array.from({ length: maxLevel + 1 }, (_, level) => level);
  const all = levels.flatMap((begin) => levels.flatMap((middle) => levels.map((end) => [begin, middle, end])));
  const near = (schedule: readonly Level[]) =>
    Math.abs(trajectoryMacs(dims, kind, schedule, stageOfStep) / macs - 1) <= TOLERANCE;
  return all.filter(near);
}

export interface Contest {
  readonly pipeline: Pipeline;
  readonly storage: Storage;
  readonly signal: AbortSignal;
}

/** @param bank of MosaicDiff's three stages. @returns its levels */
export async function bestThreeStages(
  { request, kind, maxLevel, uniform, search, mosaic }: Experiment,
  bank: Bank,
  { pipeline, storage, signal }: Contest,
): Promise<readonly Level[]> {
  const { spec } = pipeline.model;
  const budget = trajectoryMacs(spec, kind, uniform, search.stageOfStep);
  const jury = {
    pipeline,
    request,
    evaluations: new EvaluationStore(storage),
    exclusive: <T>(work: () => Promise<T>) => work(),
  };
  const probes = await RecordedScores.open({ ...jury, set: "probes", count: request.probes });
  const scored: ScoredSchedule[] = [];
  try {
    for (const levels of threeStageSchedules(spec, kind, maxLevel, mosaic.stageOfStep, budget)) {
      const { fitness } = await probes.score({ bank, levels }, signal);
      scored.push({ levels, fitness, origin: { kind: "three-stage" } });
    }
  } finally {
    await probes.free();
  }
  const ranked = scored.sort((a, b) => b.fitness - a.fitness).slice(0, FINALISTS);
  const open = (levels: readonly Level[]) => ({ bank, levels });
  const finalists = request.validation > 0 ? await validate({ ...jury, on() {}, signal }, ranked, open) : ranked;
  return (finalists[0] as ScoredSchedule).levels;
}
