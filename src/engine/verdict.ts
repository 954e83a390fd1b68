// Is the searched schedule better, or was it luck? Paired differences on held-out pictures, with Student's 95 %
// interval: the same pictures for every schedule, so the spread between pictures cancels.

import type { Difference, Interval, Verdict } from "./api.ts";

/** 97.5 % points of Student's t with 1 … 30 degrees of freedom (exact to the digits given). */
const T_975 = [
  12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.306, 2.2622, 2.2281, 2.201, 2.1788, 2.1604, 2.1448, 2.1314,
  2.1199, 2.1098, 2.1009, 2.093, 2.086, 2.0796, 2.0739, 2.0687, 2.0639, 2.0595, 2.0555, 2.0518, 2.0484, 2.0452, 2.0423,
] as const;
/** Above 30 degrees of freedom: normal quantile plus the first term of its expansion, right to 0.001. */
function studentQuantile(freedom: number): number {
  return T_975[freedom - 1] ?? 1.95996 + 2.3722 / freedom + 2.82 / freedom ** 2;
}

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
  const reach = studentQuantile(count - 1) * Math.sqrt(variance / count);
  return { mean, low: mean - reach, high: mean + reach };
}

export function verdict(searched: readonly number[], uniform: readonly number[], mosaic: readonly number[]): Verdict {
  const againstUniform = pairedDifference(searched, uniform);
  const againstMosaic = pairedDifference(searched, mosaic);
  return { againstUniform, againstMosaic, better: againstUniform.low > 0 && againstMosaic.low > 0 };
}
