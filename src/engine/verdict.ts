// Is the searched schedule better, or was it luck? Paired differences on held-out pictures, with Student's 95 %
// interval: the same pictures for every schedule, so the spread between pictures cancels.

import { studentQuantile } from "../core/student.ts";
import type { Difference, Interval, Verdict } from "./api.ts";

/** Mean of a - b over pairs and its 95 % interval; one pair gives an unbounded interval. */
export function pairedDifference(a: readonly number[], b: readonly number[]): Difference {
  if (a.length !== b.length || a.length === 0)
    throw new Error(`paired difference of ${a.length} and ${b.length} scores`);
  return meanInterval(a.map((value, index) => value - (b[index] as number)));
}

/** Mean and its 95 % interval; one value gives an unbounded interval. */
export function meanInterval(values: readonly number[]): Interval {
  const count = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  if (count === 1) return { mean, low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (count - 1);
  const reach = studentQuantile(0.975, count - 1) * Math.sqrt(variance / count);
  return { mean, low: mean - reach, high: mean + reach };
}

export function verdict(searched: readonly number[], uniform: readonly number[], mosaic: readonly number[]): Verdict {
  const againstUniform = pairedDifference(searched, uniform);
  const againstMosaic = pairedDifference(searched, mosaic);
  return { againstUniform, againstMosaic, better: againstUniform.low > 0 && againstMosaic.low > 0 };
}
