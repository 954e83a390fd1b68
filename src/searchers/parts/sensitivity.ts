// How much each level of each stage costs alone, and the additive model of whole schedules that follows from it. The
// table is evidence: its schedules lie off the budget. Stage after stage, because a schedule that prunes one stage only
// shares everything before that stage with the dense model.

import { type StageLosses, schedulesByLoss } from "../../core/additive.ts";
import { fitLosses, type LossFit } from "../../core/additive-fit.ts";
import { monotoneCurve } from "../../core/interpolate.ts";
import { scheduleKey } from "../../core/schedule.ts";
import { keepsBudget, type LevelSpace, stepsOf, toleranceOf } from "../../core/space.ts";
import type { Level } from "../../core/tensor.ts";
import type { Candidate } from "../searcher.ts";
import type { Scored, Scores } from "./rounds.ts";

/**
 * The dense model, then each stage alone at every `spacing`-th level and at its highest. Where that is the top level, the
 * one below it too: a block of which nothing is left loses several times what it loses with one head (`sensitivity`).
 */
export function tableAsks(space: LevelSpace, spacing: number): Candidate[] {
  const dense = new Array<Level>(space.numStages).fill(0);
  const alone = dense.flatMap((_, stage) =>
    measuredLevels(space, stage, spacing).map((level) => dense.with(stage, level)),
  );
  return [dense, ...alone].map((levels) => {
    const candidate = { levels, origin: { kind: "probe" } };
    return keepsBudget(levels, space) ? candidate : { ...candidate, partial: true };
  });
}

/** Levels that one stage can have before it spends the budget alone. */
function measuredLevels(space: LevelSpace, stage: number, spacing: number): Level[] {
  const affordable = Math.ceil((space.budget - toleranceOf(space)) / stepsOf(space, stage)) - 1;
  const highest = Math.max(0, Math.min(space.maxLevel, affordable));
  const levels = Array.from({ length: Math.floor(highest / spacing) }, (_, i) => spacing * (i + 1));
  const last = highest === space.maxLevel ? [highest - 1, highest] : [highest];
  return [...new Set([...levels, ...last])].filter((level) => level > 0).sort((a, b) => a - b);
}

/**
 * Loss of each stage alone relative to dense, smooth between measured levels, straight on above the highest.
 * [numStages][maxLevel + 1]; undefined until all are measured.
 */
export function tableLosses(asks: readonly Candidate[], scores: Scores, { numStages, maxLevel }: LevelSpace) {
  const fitness = (levels: readonly Level[]) => scores.get(scheduleKey(levels)) ?? Number.NaN;
  const points = Array.from({ length: numStages }, () => ({ at: [0], losses: [0] }));
  const [dense, ...alone] = asks.map(({ levels }) => levels);
  for (const levels of alone) {
    const stage = levels.findIndex((level) => level > 0);
    points[stage]?.at.push(levels[stage] as Level);
    points[stage]?.losses.push(fitness(dense as readonly Level[]) - fitness(levels));
  }
  if (points.some(({ losses }) => losses.some(Number.isNaN))) return undefined;
  return points.map(({ at, losses }) => {
    const curve = monotoneCurve(at, losses);
    const [last, before] = [curve.at(-1) as number, curve.at(-2) ?? 0];
    const beyond = Array.from({ length: maxLevel + 1 - curve.length }, (_, i) => last + (i + 1) * (last - before));
    return [...curve, ...beyond];
  });
}

/** The table corrected by all whole schedules that were scored; without a table by them alone. */
export function modelOf(table: StageLosses | undefined, scored: readonly Scored[], space: LevelSpace): LossFit {
  const prior = table ?? Array.from({ length: space.numStages }, () => new Array<number>(space.maxLevel + 1).fill(0));
  const whole = scored.filter(({ partial }) => !partial);
  return fitLosses(
    prior,
    whole.map(({ levels, fitness }) => ({ levels, loss: -fitness })),
  );
}

/** The model's best schedules that are not `taken`, the best first, or as many as the space still holds. */
export function bestOfModel(
  model: StageLosses,
  space: LevelSpace,
  count: number,
  taken: { has(key: string): boolean },
): Candidate[] {
  const best: Candidate[] = [];
  for (const levels of schedulesByLoss(model, space)) {
    if (best.length === count) break;
    if (!taken.has(scheduleKey(levels))) best.push({ levels, origin: { kind: "model" } });
  }
  return best;
}
