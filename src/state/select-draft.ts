// The schedule that is edited, as the settings ask for it: on their stages, and on their budget unless it is free. What was
// edited for others is carried over, so a change of settings loses nothing.

import { levelMacs, levelParameters, trajectoryMacs } from "../core/cost.ts";
import { resampleLevels, uniformLevels } from "../core/patterns.ts";
import { rebalanced } from "../core/rebalance.ts";
import { type Division, sparsityOf, uniformDivision } from "../core/schedule.ts";
import { keepsBudget, type LevelSpace, spaceOf, spentOf } from "../core/space.ts";
import { predictedTime } from "../core/step-time.ts";
import type { Level, Macs, Milliseconds, Ratio, StageIndex, Timestep } from "../core/tensor.ts";
import { stageOfSteps, stepsPerStage, visitedTimesteps } from "../core/timeline.ts";
import type { BankCard, ModelCard } from "../engine/api.ts";
import { memoise } from "./memoise.ts";
import { selectPlan } from "./selectors.ts";
import { type Settings, shelves } from "./settings.ts";
import type { StudioState } from "./store.ts";

export interface Draft {
  readonly kind: "width" | "depth";
  readonly division: Division;
  /** Visited, in sampling order. */
  readonly timesteps: readonly Timestep[];
  readonly stageOfStep: readonly StageIndex[];
  readonly stepsPerStage: readonly number[];
  /** What the settings' budget allows. */
  readonly space: LevelSpace;
  readonly levels: readonly Level[];
  readonly locked: ReadonlySet<StageIndex>;
  /** Spent beyond the budget, in levels or levels over steps; below 0 when some is left. */
  readonly excess: number;
  readonly onBudget: boolean;
}

/** Undefined while no model is loaded or the settings are impossible. */
export const selectDraft = memoise(
  (state: StudioState) => [state.settings, state.model.card, selectPlan(state), state.editor.history.now] as const,
  (settings, card, plan, { levels: edited, locks, free }): Draft | undefined => {
    if (!card || !plan) return undefined;
    const staging = stagingOf(settings, card);
    const { maxLevel } = plan;
    const counted = settings.budget === "steps" ? staging.stepsPerStage : undefined;
    const space = spaceOf(settings.target, settings.stages, maxLevel, counted);
    const locked = new Set(locks.length === settings.stages ? [...locks.keys()].filter((stage) => locks[stage]) : []);
    const levels = edited ? carried({ edited, locked, free }, staging.division, space) : uniformLevels(space);
    const excess = spentOf(levels, space) - space.budget;
    return { ...staging, space, levels, locked, excess, onBudget: keepsBudget(levels, space) };
  },
);

function stagingOf(settings: Settings, card: ModelCard) {
  const division = uniformDivision(settings.stages, card.timesteps);
  const timesteps = visitedTimesteps(card, settings.steps);
  return {
    kind: shelves.pruner.get(settings.pruner.id).kind as Draft["kind"],
    division,
    timesteps,
    stageOfStep: stageOfSteps(division, timesteps),
    stepsPerStage: stepsPerStage(division, timesteps),
  };
}

interface Edited {
  readonly edited: readonly Level[];
  readonly locked: ReadonlySet<StageIndex>;
  readonly free: boolean;
}

function carried({ edited, locked, free }: Edited, division: Division, space: LevelSpace): readonly Level[] {
  const { numStages, maxLevel } = space;
  const bounded = edited.map((level) => Math.min(level, maxLevel));
  const levels = edited.length === numStages ? bounded : resampled(bounded, division, maxLevel);
  if (free || keepsBudget(levels, space)) return levels;
  return rebalanced(levels, locked, space) ?? (rebalanced(levels, new Set(), space) as Level[]);
}

/** On other stages, with the same mean. */
function resampled(levels: readonly Level[], division: Division, maxLevel: Level): Level[] {
  const timesteps = 1 + (division[0]?.high ?? 0);
  const numStages = division.length;
  const mean = levels.reduce((sum, level) => sum + level, 0) / levels.length;
  const from = { division: uniformDivision(levels.length, timesteps), levels };
  return resampleLevels(from, division, { numStages, maxLevel, budget: Math.round(mean * numStages) });
}

/** What a draft costs before anything runs, of a whole trajectory of one picture where nothing else is said. */
export interface DraftCost {
  readonly macs: Macs;
  readonly denseMacs: Macs;
  /** Mean level over visited steps / maxLevel. */
  readonly sparsity: Ratio;
  /** That a step runs with, mean over the steps. */
  readonly parameters: number;
  readonly denseParameters: number;
  /** Of a picture among several, told from timed steps; undefined while there are none, or where timings mean nothing. */
  readonly time: Milliseconds | undefined;
  readonly denseTime: Milliseconds | undefined;
}

export const selectDraftCost = memoise(
  (state: StudioState) =>
    [selectDraft(state), state.model.card, state.sketch.timed, state.session.status?.device.software ?? false] as const,
  (draft, card, timed, software): DraftCost | undefined => {
    if (!draft || !card) return undefined;
    const { spec } = card;
    const { kind, levels, stageOfStep, space } = draft;
    const dense = levels.map(() => 0);
    const known = timed.map(({ level, time }) => ({ macs: levelMacs(spec, kind, level), time }));
    const timeOf = (each: readonly Level[]) => {
      const steps = stageOfStep.map((stage) => predictedTime(known, levelMacs(spec, kind, each[stage] as Level)));
      return software || known.length === 0 ? undefined : steps.reduce<number>((sum, step) => sum + (step ?? 0), 0);
    };
    const parametersOf = (each: readonly Level[]) =>
      stageOfStep.reduce((sum, stage) => sum + levelParameters(spec, kind, each[stage] as Level), 0) /
      stageOfStep.length;
    return {
      macs: trajectoryMacs(spec, kind, levels, stageOfStep),
      denseMacs: trajectoryMacs(spec, kind, dense, stageOfStep),
      sparsity: sparsityOf(levels, draft.stepsPerStage, space.maxLevel),
      parameters: parametersOf(levels),
      denseParameters: parametersOf(dense),
      time: timeOf(levels),
      denseTime: timeOf(dense),
    };
  },
);

export interface DraftBank {
  /** Undefined while it is not known which bank the settings ask for. */
  readonly id: string | undefined;
  readonly card: BankCard | undefined;
}

/** The bank that a search of these settings would use. */
export const selectDraftBank = memoise(
  ({ estimate, run, settings, banks }: StudioState) =>
    [estimate?.bank.id ?? (run.request === settings ? run.space?.bank : undefined), banks.cards] as const,
  (id, cards): DraftBank => ({ id, card: cards.find((card) => card.id === id) }),
);
