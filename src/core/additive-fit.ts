// An additive model, corrected by what whole schedules really lost. Stages do interact, so sums of single losses are off
// twice: all of them by a common scale, and each stage's levels by what the others leave of them.

import { lossOf, type StageLosses } from "./additive.ts";
import { choleskyInPlace, inverseTransposed, multiply, multiplyTransposed } from "./linalg.ts";
import type { Stream } from "./rng.ts";
import type { Level } from "./tensor.ts";

export interface LossSample {
  readonly levels: readonly Level[];
  readonly loss: number;
}

/** Noise over doubt, squared: a sample may be off by as much as a mean level costs, a correction by a little less. */
const RIDGE = 2;
/** The scale is nearly free, but the prior's order is never turned round. */
const SCALE_RIDGE = 1;
const LEAST_SCALE = 0.05;

/** Draws err by so many times the residuals: samples that were chosen as best lie close to what was fitted to them. */
const DARING = 4;

export interface LossFit {
  /** [numStages][maxLevel + 1] */
  readonly losses: StageLosses;
  /** Other losses that the samples leave possible, the more so the worse they fit. */
  draw(random: Stream): StageLosses;
}

/**
 * Ridge regression toward `prior`: loss = constant + scale * prior + sum of one correction for each level that a stage
 * has taken. Corrections are those of increments, so a level shares those of the levels below it, and levels that no
 * sample has keep the prior's shape. The constant is dropped: it ranks nothing. Read as Bayesian, a draw of the same
 * regression is a draw of its posterior (Thompson sampling).
 * @param prior [numStages][maxLevel + 1], zero at level 0
 */
export function fitLosses(prior: StageLosses, samples: readonly LossSample[]): LossFit {
  const maxLevel = (prior[0]?.length ?? 1) - 1;
  const unit = unitOf(prior, samples);
  if (samples.length < 2 || unit === 0) return { losses: prior, draw: () => prior };
  const { normal, right } = normalEquations(prior, samples, unit);
  const size = right.length;
  choleskyInPlace(normal, size, "additive fit");
  const root = inverseTransposed(normal, size); // the inverse is root * its transpose
  const solution = multiply(root, multiplyTransposed(root, right));
  const lossesOf = (solved: Float64Array, leastScale = -Infinity): StageLosses => {
    const scale = Math.max(leastScale, 1 + solved[0]!);
    return prior.map((stage, s) => {
      let correction = 0;
      return stage.map((loss, level) => {
        if (level > 0) correction += unit * solved[s * maxLevel + level]!;
        return scale * loss + correction;
      });
    });
  };
  const losses = lossesOf(solution, LEAST_SCALE);
  const fitted = samples.map(({ levels }) => lossOf(levels, losses));
  const offset = mean(fitted) - mean(samples.map(({ loss }) => loss));
  const squares = samples.map(({ loss }, i) => ((fitted[i] as number) - offset - loss) ** 2);
  const deviation = (DARING * Math.sqrt(mean(squares))) / unit;
  return {
    losses,
    draw(random) {
      const error = multiply(
        root,
        Float64Array.from({ length: size }, () => deviation * random.normal()),
      );
      return lossesOf(solution.map((value, i) => value + error[i]!));
    },
  };
}

/**
 * Of the regression in units: the scale's deviation from 1, then a correction for level 1 … maxLevel of every stage.
 * [1 + numStages * maxLevel] squared, and once
 */
function normalEquations(prior: StageLosses, samples: readonly LossSample[], unit: number) {
  const maxLevel = (prior[0]?.length ?? 1) - 1;
  const size = 1 + prior.length * maxLevel;
  const sums = samples.map(({ levels }) => lossOf(levels, prior));
  const [meanLoss, meanSum] = [mean(samples.map(({ loss }) => loss)), mean(sums)];
  const normal = new Float64Array(size * size);
  const right = new Float64Array(size);
  const share = new Float64Array(size);
  const row = new Float64Array(size);
  for (const [i, { levels, loss }] of samples.entries()) {
    const sum = ((sums[i] as number) - meanSum) / unit;
    const target = (loss - meanLoss) / unit - sum;
    const taken = levels.flatMap((level, stage) => Array.from({ length: level }, (_, l) => 1 + stage * maxLevel + l));
    const columns = Int32Array.of(0, ...taken);
    row.fill(1);
    row[0] = sum;
    for (const column of taken) share[column]! += 1 / samples.length;
    for (let a = 0; a < columns.length; a++) {
      const at = columns[a]!;
      const value = row[at]!;
      right[at]! += value * target;
      for (let b = 0; b < columns.length; b++) normal[at * size + columns[b]!]! += value * row[columns[b]!]!;
    }
  }
  // Centring the columns takes the constant out: minus n times the outer product of the means.
  for (let i = 0; i < size; i++)
    for (let j = 0; j < size; j++) normal[i * size + j]! -= samples.length * share[i]! * share[j]!;
  for (let i = 0; i < size; i++) normal[i * size + i]! += i === 0 ? SCALE_RIDGE : RIDGE;
  return { normal, right };
}

/** What one level costs in the mean; where the prior knows nothing, what schedules differ by. */
function unitOf(prior: StageLosses, samples: readonly LossSample[]): number {
  const steps = prior.flatMap((stage) =>
    stage.slice(1).map((loss, level) => Math.abs(loss - (stage[level] as number))),
  );
  const known = steps.length > 0 ? mean(steps) : 0;
  if (known > 0 || samples.length === 0) return known;
  const centre = mean(samples.map(({ loss }) => loss));
  return mean(samples.map(({ loss }) => Math.abs(loss - centre)));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
