// What the sensitivity view reads: the table as far as it is measured, the best schedule that it predicts for the budget
// that is set now, and what measuring would take.

import { lossOf, schedulesByLoss } from "../core/additive.ts";
import { StudioError } from "../core/errors.ts";
import { type Division, uniformDivision } from "../core/schedule.ts";
import { type LevelSpace, spaceOf } from "../core/space.ts";
import type { Level, Milliseconds, Ratio, StageIndex } from "../core/tensor.ts";
import { stageOfSteps, stepsPerStage, visitedTimesteps } from "../core/timeline.ts";
import type { Prediction, SensitivityRequest, StageLoss } from "../engine/api.ts";
import { tableAsks } from "../searchers/parts/sensitivity.ts";
import { memoise } from "./memoise.ts";
import { selectPlan } from "./selectors.ts";
import { inOrder, type Settings } from "./settings.ts";
import type { StudioState } from "./store.ts";

export interface SensitivityMap {
  readonly request: SensitivityRequest;
  readonly division: Division;
  readonly stageOfStep: readonly StageIndex[];
  readonly maxLevel: Level;
  /** Stages in sampling order; undefined where nothing is known yet. [stages][maxLevel + 1] */
  readonly losses: readonly (readonly (StageLoss | undefined)[])[];
  /** The largest loss; 0 while none is above. */
  readonly highest: number;
  /** What the whole table predicts at the target that is set now; undefined where no schedule reaches it. */
  readonly optimum: Optimum | undefined;
  readonly predictions: readonly Prediction[];
  /** Measured with other settings than those at the side. */
  readonly stale: boolean;
}
export type Optimum = Pick<Prediction, "target" | "levels" | "loss">;

export const selectSensitivity = memoise(
  ({ sensitivity, model, settings }: StudioState) =>
    [sensitivity.measured, sensitivity.losses, sensitivity.result, model.card, settings] as const,
  (measured, losses, result, card, settings): SensitivityMap | undefined => {
    if (!measured || !card || card.id !== measured.model) return undefined;
    const { request, maxLevel } = measured;
    const division = uniformDivision(request.stages, card.timesteps);
    const timesteps = visitedTimesteps(card, request.steps);
    const known = new Map(losses.map(({ stage, level, loss }) => [`${stage},${level}`, { loss, measured: true }]));
    const partial = division.map((_, stage) =>
      Array.from({ length: maxLevel + 1 }, (_, level) => known.get(`${stage},${level}`)),
    );
    const table = result?.table ?? partial;
    const steps = request.budget === "steps" ? stepsPerStage(division, timesteps) : undefined;
    const space = reached(() => spaceOf(settings.target, request.stages, maxLevel, steps));
    return {
      request,
      division,
      stageOfStep: stageOfSteps(division, timesteps),
      maxLevel,
      losses: table,
      highest: Math.max(0, ...table.flatMap((row) => row.map((cell) => cell?.loss ?? 0))),
      optimum: result && space && { target: settings.target, ...optimumOf(result.table, space) },
      predictions: result?.predictions ?? [],
      stale: JSON.stringify(scoringOf(settings)) !== JSON.stringify(scoredBy(request)),
    };
  },
);

function optimumOf(table: readonly (readonly StageLoss[])[], space: LevelSpace): Omit<Optimum, "target"> {
  const losses = table.map((row) => row.map(({ loss }) => loss));
  const levels = schedulesByLoss(losses, space).next().value as Level[]; // the budget can be reached
  return { levels, loss: lossOf(levels, losses) };
}

/** What a table depends on: a search without what only a search decides. */
export function scoringOf(settings: Partial<Settings>): Omit<SensitivityRequest, "levels" | "targets"> {
  const { target, warm, searcher, validation, heldOut, ...scoring } = inOrder(settings);
  return scoring;
}

/** What a table was measured for, without what it was asked. */
function scoredBy({ levels, targets, ...scoring }: SensitivityRequest) {
  return scoringOf(scoring);
}

/** Those that a whole level can reach. */
export function reachableTargets(targets: readonly Ratio[], stages: number, maxLevel: Level): Ratio[] {
  return targets.filter((target) => reached(() => spaceOf(target, stages, maxLevel)));
}

function reached(space: () => LevelSpace): LevelSpace | undefined {
  try {
    return space();
  } catch (error) {
    if (error instanceof StudioError && error.code === "budget-unreachable") return undefined;
    throw error;
  }
}

/** What measuring takes when nothing is known yet. */
export interface SensitivityCost {
  /** The dense model among them. */
  readonly schedules: number;
  /** About; undefined until the device was measured. */
  readonly time: Milliseconds | undefined;
}

/** A schedule that prunes one stage alone shares the steps before that stage with the dense model: half of them. */
const SHARED = 0.5;

export const selectSensitivityCost = memoise(
  (state: StudioState) =>
    [selectPlan(state), state.settings.stages, state.sensitivity.spacing, state.estimate] as const,
  (plan, stages, spacing, estimate): SensitivityCost | undefined => {
    if (!plan) return undefined;
    const space = { numStages: stages, maxLevel: plan.maxLevel, budget: Number.POSITIVE_INFINITY };
    const { length: schedules } = tableAsks(space, spacing);
    const trajectories = 1 + (schedules - 1) * (1 - SHARED);
    return { schedules, time: estimate && estimate.calibrate + trajectories * estimate.dense };
  },
);
