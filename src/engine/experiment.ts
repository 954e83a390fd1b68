// What a search compares, decided before anything heavy runs: the search's own stages and budget, and the
// baselines at equal cost. MosaicDiff has its own three stages and bank, so that it is a real opponent; its
// per-stage sparsities are not published and are reconstructed from its published scores (see core/patterns.ts).

import { trajectoryMacs } from "../core/cost.ts";
import { StudioError } from "../core/errors.ts";
import { maxLevelOf } from "../core/levels.ts";
import { mosaicLevels, projectBySteps, resampleLevels, uniformLevels } from "../core/patterns.ts";
import { checkRacing } from "../core/racing.ts";
import { type Division, mergeStages, mosaicDivision, sparsityOf, uniformDivision } from "../core/schedule.ts";
import { type LevelSpace, reachedBy, spaceOf } from "../core/space.ts";
import type { Level, Milliseconds, StageIndex } from "../core/tensor.ts";
import { stageOfSteps, stepsPerStage, timeline, visitsPerStage } from "../core/timeline.ts";
import { pruners } from "../pruners/index.ts";
import type { BankCard, CalibrateRequest, Cost, SearchRequest, SearchSummary } from "./api.ts";
import { metricFor } from "./fitness.ts";
import type { LoadedModel } from "./load.ts";
import { samplerFor } from "./sampler-for.ts";

/** Stages of one schedule over the visited steps. */
export interface Staging {
  readonly division: Division;
  readonly stageOfStep: readonly StageIndex[];
  readonly stepsPerStage: readonly number[];
}

export interface Experiment {
  readonly request: SearchRequest;
  readonly kind: "width" | "depth";
  readonly maxLevel: Level;
  readonly timesteps: readonly number[];
  readonly search: Staging;
  readonly space: LevelSpace;
  readonly uniform: readonly Level[];
  readonly mosaic: Staging & { readonly levels: readonly Level[] };
  /** MosaicDiff's schedule carried over, step by step, onto the search's stages: a start for the search. */
  readonly projected: readonly Level[];
  /** The request's earlier schedules on the search's stages. */
  readonly warm: readonly (readonly Level[])[];
}

/** @throws budget-unreachable, invalid-input, invalid-option, missing-data, unknown-method: before any work is done. */
export function plan(model: LoadedModel, request: SearchRequest): Experiment {
  if (!(Number.isInteger(request.probes) && request.probes >= 1))
    throw new StudioError("invalid-input", `search: ${request.probes} probes; use at least 1`);
  if (!(Number.isInteger(request.validation) && request.validation >= 0))
    throw new StudioError("invalid-input", `search: ${request.validation} validation pictures; use 0 or more`);
  if (!(Number.isInteger(request.heldOut) && request.heldOut >= 2))
    throw new StudioError(
      "invalid-input",
      `search: ${request.heldOut} held-out pictures; an interval needs at least 2`,
    );
  const { stagesPerFactor } = request;
  if (!(Number.isInteger(stagesPerFactor) && stagesPerFactor >= 1))
    throw new StudioError("invalid-input", `search: ${stagesPerFactor} stages per factor; use at least 1`);
  if (request.racing) checkRacing(request.racing, request.probes);
  metricFor(model.card, request.metric);
  samplerFor(model.card, request.sampler);
  const { kind } = pruners.get(request.pruner.id);
  const maxLevel = maxLevelOf(model.spec, kind);
  const { timesteps } = timeline(model.noise, request.steps);
  const staging = (division: Division, count: typeof stepsPerStage): Staging => ({
    division,
    stageOfStep: stageOfSteps(division, timesteps),
    stepsPerStage: count(division, timesteps),
  });
  const search = staging(uniformDivision(request.stages, model.noise.timesteps), stepsPerStage);
  // A baseline's stages are given: fewer than three steps leave some of MosaicDiff's out, and its budget to the others.
  const mosaic = staging(mosaicDivision(model.noise.timesteps), visitsPerStage);
  const { target, stages, budget } = request;
  const space = spaceOf(target, stages, maxLevel, budget === "steps" ? search.stepsPerStage : undefined);
  // Baselines get what the integer budget really allows, not what was asked for.
  const levels = mosaicLevels(reachedBy(space), maxLevel, mosaic.stepsPerStage);
  return {
    request,
    kind,
    maxLevel,
    timesteps,
    search,
    space,
    uniform: uniformLevels(space),
    mosaic: { ...mosaic, levels },
    projected: projectBySteps(levels, mosaic.stageOfStep, search.stageOfStep, space),
    warm: (request.warm ?? []).map((schedule) => resampleLevels(schedule, search.division, space)),
  };
}

/** Stages of the search's bank, then of MosaicDiff's. */
export function banksOf({ request, search, mosaic }: Experiment): readonly [Division, Division] {
  return [mergeStages(search.division, request.stagesPerFactor), mosaic.division];
}

export function calibrateRequest({ request }: Experiment, division: Division): CalibrateRequest {
  const { pruner, calibrationItems: items, seed, storage } = request;
  return { pruner, division, items, seed, storage };
}

export function summaryOf(
  experiment: Experiment,
  { id: bank, storageError }: Pick<BankCard, "id" | "storageError">,
  generations: number,
): SearchSummary {
  const { search, space, maxLevel, timesteps, uniform } = experiment;
  return {
    division: search.division,
    bank,
    storageError,
    maxLevel,
    budget: space.budget,
    timesteps,
    stageOfStep: search.stageOfStep,
    sparsity: sparsityOf(uniform, search.stepsPerStage, maxLevel),
    generations,
  };
}

/** Cost of a schedule over the visited steps; no levels means dense. */
export function costOf(
  model: LoadedModel,
  kind: "width" | "depth",
  staging: Staging,
  levels: readonly Level[] | undefined,
  stepTimes: readonly Milliseconds[],
  batch: number,
): Cost {
  const dense = staging.division.map(() => 0);
  const used = levels ?? dense;
  return {
    macs: trajectoryMacs(model.spec, kind, used, staging.stageOfStep),
    denseMacs: trajectoryMacs(model.spec, kind, dense, staging.stageOfStep),
    sparsity: sparsityOf(used, staging.stepsPerStage, maxLevelOf(model.spec, kind)),
    stepTime: stepTimes.reduce((sum, time) => sum + time, 0) / Math.max(1, stepTimes.length),
    batch,
  };
}
