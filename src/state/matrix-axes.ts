// The axes of a matrix of pictures, and the picture that one of its cells asks for: the comparison's own, moved along the
// two axes. A schedule is carried over to other stages, budgets and methods where a bank for them is stored.

import { resampleLevels } from "../core/patterns.ts";
import { stagesWithin, uniformDivision } from "../core/schedule.ts";
import type { Ratio } from "../core/tensor.ts";
import type { BankCard, Division, ModelCard, RoutedSchedule, SampleRequest } from "../engine/api.ts";
import type { SamplingPlan } from "./compare-slice.ts";
import type { Comparand, SideId } from "./select-comparands.ts";

/** Where a cell lies: what a coordinate lacks is as in the comparison. */
export interface Coordinates {
  readonly schedule: SideId;
  /** Index among the classes that are shown. */
  readonly class: number;
  readonly seed: number;
  readonly steps: number;
  readonly guidance: number;
  /** Undefined: the schedule's own. */
  readonly pruner: string | undefined;
  readonly sparsity: Ratio | undefined;
  readonly stages: number | undefined;
}
export const matrixAxes = ["schedule", "class", "seed", "steps", "guidance", "pruner", "sparsity", "stages"] as const;
export type MatrixAxis = (typeof matrixAxes)[number];

export interface MatrixWorld {
  readonly card: ModelCard;
  readonly comparands: readonly Comparand[];
  /** Whole ones of the loaded model. */
  readonly banks: readonly BankCard[];
  readonly plan: SamplingPlan;
  /** Labels of the classes that are shown. */
  readonly labels: readonly number[];
}

const SEEDS = 4;
const SPARSITIES = [0.1, 0.2, 0.3, 0.4, 0.5] as const;
const STAGES = [1, 2, 4, 5, 10, 20] as const;

/** What an axis goes through. */
export function axisValues(axis: MatrixAxis, world: MatrixWorld): readonly Coordinates[MatrixAxis][] {
  const { comparands, banks, plan, labels, card } = world;
  const unique = <T>(values: readonly T[]) => [...new Set(values)];
  const near = (value: number, least: number) =>
    unique([value / 2, value, 2 * value].map((other) => Math.max(least, Math.round(other))));
  switch (axis) {
    case "schedule":
      return comparands.map(({ id }) => id);
    case "class":
      return [...labels.keys()].filter((index) => labels.indexOf(labels[index] as number) === index);
    case "seed":
      return Array.from({ length: SEEDS }, (_, offset) => plan.seed + offset);
    case "steps":
      return near(plan.steps, 1);
    case "guidance":
      return unique([1, plan.guidance, 1.5 * plan.guidance, 2 * plan.guidance]);
    case "pruner":
      return unique(banks.map(({ pruner }) => pruner.id));
    case "sparsity":
      return SPARSITIES;
    case "stages":
      return STAGES.filter((stages) => banks.some((bank) => holds(bank, uniformDivision(stages, card.timesteps))));
  }
}

/** The request of a cell, or in a sentence why there is none. */
export function cellRequest(at: Coordinates, world: MatrixWorld): SampleRequest | string {
  const comparand = world.comparands.find(({ id }) => id === at.schedule);
  const label = world.labels[at.class];
  if (!comparand || label === undefined) return "There is no such schedule now.";
  const schedule = carried(comparand, at, world);
  if (typeof schedule === "string") return schedule;
  const { steps, guidance, seed } = at;
  const stages = schedule?.division.length ?? 1;
  if (stages > steps) return `${stages} stages need at least ${stages} steps.`;
  return { ...world.plan, steps, guidance, seed, schedule, labels: [label], first: at.class };
}

function carried(from: Comparand, at: Coordinates, { card, banks }: MatrixWorld): RoutedSchedule | undefined | string {
  const { schedule, maxLevel } = from;
  if (!schedule || (at.pruner ?? at.sparsity ?? at.stages) === undefined) return schedule;
  const own = banks.find(({ id }) => id === schedule.bank);
  const pruner = at.pruner ?? own?.pruner.id;
  const division = at.stages === undefined ? schedule.division : uniformDivision(at.stages, card.timesteps);
  const fits = (candidate: BankCard) => candidate.pruner.id === pruner && holds(candidate, division);
  const bank = own && fits(own) ? own : banks.find(fits);
  if (!bank) return `No stored bank of ${pruner ?? "this method"} has these stages; a search or Explore makes one.`;
  const share = schedule.levels.reduce((sum, level) => sum + level, 0) / (schedule.levels.length * maxLevel);
  const numStages = division.length;
  const budget = Math.round((at.sparsity ?? share) * bank.maxLevel * numStages);
  const levels = schedule.levels.map((level) => (level * bank.maxLevel) / maxLevel);
  const space = { numStages, maxLevel: bank.maxLevel, budget };
  return { division, levels: resampleLevels({ division: schedule.division, levels }, division, space), bank: bank.id };
}

function holds(bank: BankCard, division: Division): boolean {
  try {
    stagesWithin(division, bank.division);
    return true;
  } catch {
    return false;
  }
}
