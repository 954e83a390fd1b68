// A Gaussian process over schedules: what they should score, and how sure that is, from what others scored. Near its own
// evidence it is far more exact than a sum over stages, because stages interact and neighbours err alike.
//
// Fitness = constant - scale * prior loss + f(levels), where f has an additive covariance (Duvenaud et al. 2011) of stages
// alone, of neighbouring stages together, whose errors are of one kind, and of all together. The kernels are rational
// quadratics of order 1, so that there is nothing but IEEE arithmetic in them and results are equal on every engine.
// Their reaches and shares are those that rank best what they never saw, among thousands of recorded schedules.

import { lossOf, type StageLosses } from "./additive.ts";
import { choleskyInPlace, inverseTransposed, multiply, multiplyTransposed } from "./linalg.ts";
import type { Stream } from "./rng.ts";
import type { Level } from "./tensor.ts";

type Schedules = readonly (readonly Level[])[];

export interface FitnessSample {
  readonly levels: readonly Level[];
  readonly fitness: number;
}

export interface FitnessProcess {
  /** Of each schedule. */
  expected(schedules: Schedules): Float64Array;
  /** Joint draws of what the schedules may score (Thompson sampling). [count][schedules] */
  draw(schedules: Schedules, count: number, random: Pick<Stream, "normal">): Float64Array[];
}

/** Over which levels are alike, as shares of all: of a stage, of two neighbours, and of a schedule in the mean. */
const STAGE_REACH = 0.12;
const PAIR_REACH = 0.25;
const WHOLE_REACH = 0.4;
/** Of the variance of f: stages, neighbours, the whole schedule. */
const [STAGES, PAIRS, WHOLE] = [3 / 7, 3 / 7, 1 / 7];
/** The top level, where nothing of a block is left, lies by so much of all levels further off than they do. */
const TOP = 0.5;
/** Variance of what is neither, relative to that of f: kinks, and the estimates of schedules that were stopped. */
const NOISE = 0.005;
/** How much less the prior's scale is doubted than the samples allow. */
const SCALE_RIDGE = 0.2;
/** The prior's order is never turned round. */
const LEAST_SCALE = 0.1;

/**
 * @param samples one or more
 * @param prior losses of the stages alone. [numStages][maxLevel + 1]
 */
export function fitProcess(samples: readonly FitnessSample[], prior: StageLosses): FitnessProcess {
  const known = samples.map(({ levels }) => levels);
  const kernel = kernelOf(prior);
  const size = samples.length;
  const priors = Float64Array.from(known, (levels) => -lossOf(levels, prior));
  const fitness = Float64Array.from(samples, (sample) => sample.fitness);
  const [meanPrior, meanFitness] = [mean(priors), mean(fitness)];
  const scale = scaleOf(priors, meanPrior, fitness, meanFitness);
  const trend = (levels: readonly Level[]) => meanFitness + scale * (-lossOf(levels, prior) - meanPrior);
  const rest = fitness.map((value, i) => value - meanFitness - scale * ((priors[i] as number) - meanPrior));

  const covariance = covarianceOf(kernel, known, NOISE);
  choleskyInPlace(covariance, size, "gaussian process");
  const root = inverseTransposed(covariance, size); // the inverse is root * its transpose
  const weights = multiply(root, multiplyTransposed(root, rest));
  const variance = mean(rest.map((value, i) => value * (weights[i] as number))); // most likely, given the kernel

  const toKnown = (levels: readonly Level[]) => {
    const alike = new Float64Array(size);
    for (let i = 0; i < size; i++) alike[i] = kernel(levels, known[i] as readonly Level[]);
    return alike;
  };
  const expected = (schedules: Schedules) =>
    Float64Array.from(schedules, (levels) => trend(levels) + dot(toKnown(levels), weights));
  return {
    expected,
    draw(schedules, count, random) {
      const centre = expected(schedules);
      const doubt = covarianceOf(kernel, schedules, NOISE);
      const explained = schedules.map((levels) => multiplyTransposed(root, toKnown(levels)));
      for (const [i, own] of explained.entries())
        for (let j = 0; j <= i; j++) doubt[i * schedules.length + j]! -= dot(own, explained[j] as Float64Array);
      choleskyInPlace(doubt, schedules.length, "gaussian process");
      const deviation = Math.sqrt(Math.max(0, variance));
      return Array.from({ length: count }, () => {
        const normal = Float64Array.from(schedules, () => deviation * random.normal());
        return centre.map((value, i) => {
          for (let j = 0; j <= i; j++) value += doubt[i * schedules.length + j]! * normal[j]!;
          return value;
        });
      });
    },
  };
}

type Kernel = (a: readonly Level[], b: readonly Level[]) => number;

/** 1 for the same schedule. */
function kernelOf(prior: StageLosses): Kernel {
  const numStages = prior.length;
  const maxLevel = (prior[0] as readonly number[]).length - 1;
  const alike = (squared: number, reach: number) => 1 / (1 + squared / (2 * reach ** 2));
  const size = maxLevel + 1;
  const places = Float64Array.from({ length: size }, (_, level) => level / maxLevel + (level === maxLevel ? TOP : 0));
  const squared = Float64Array.from(
    { length: size * size },
    (_, pair) => (places[Math.floor(pair / size)]! - places[pair % size]!) ** 2,
  );
  const alone = squared.map((square) => alike(square, STAGE_REACH));
  const paired = squared.map((square) => alike(square, PAIR_REACH));
  return (a, b) => {
    let stages = 0;
    let pairs = 0;
    let squares = 0;
    let before = 0; // the first stage has none before it
    for (let s = 0; s < numStages; s++) {
      const levels = a[s]! * size + b[s]!;
      const own = paired[levels]!;
      stages += alone[levels]!;
      pairs += before * own;
      squares += squared[levels]!;
      before = own;
    }
    const neighbours = numStages > 1 ? pairs / (numStages - 1) : 1;
    return (STAGES * stages) / numStages + PAIRS * neighbours + WHOLE * alike(squares / numStages, WHOLE_REACH);
  };
}

/** Lower triangle, with the noise on its diagonal. */
function covarianceOf(kernel: Kernel, schedules: Schedules, noise: number): Float64Array {
  const n = schedules.length;
  const covariance = new Float64Array(n * n);
  for (const [i, levels] of schedules.entries()) {
    for (let j = 0; j < i; j++) covariance[i * n + j] = kernel(levels, schedules[j] as readonly Level[]);
    covariance[i * n + i] = kernel(levels, levels) + noise;
  }
  return covariance;
}

/** Least squares toward 1. */
function scaleOf(priors: Float64Array, meanPrior: number, fitness: Float64Array, meanFitness: number): number {
  let [both, squares] = [0, 0];
  for (const [i, prior] of priors.entries()) {
    both += (prior - meanPrior) * ((fitness[i] as number) - meanFitness);
    squares += (prior - meanPrior) ** 2;
  }
  if (squares === 0) return 1;
  return Math.max(LEAST_SCALE, (both + SCALE_RIDGE * squares) / (squares + SCALE_RIDGE * squares));
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
