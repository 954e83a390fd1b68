// Fréchet distance of features (Heusel et al. 2017): the FID of the ADM evaluator when the features are Inception's.

import { frechetDistance } from "../../core/frechet.ts";
import { comparable, type DistributionMetric } from "./distribution.ts";

/** What the authors of FID ask for; with fewer pictures the estimate is visibly too high. */
const ENOUGH = 10_000;

export const fid: DistributionMetric = {
  label: "FID",
  help: "Fréchet distance between the features of these pictures and of real ones. 0 is alike; it grows when there are few pictures.",
  options: {},
  direction: "lower",
  range: [0, Infinity],
  reference: true,
  measure(set, reference) {
    const other = comparable("FID", set, reference).gaussian;
    const value = frechetDistance(set.gaussian, other);
    const count = Math.min(set.gaussian.count, other.count);
    return { value, warning: warningOf(count, other.mean.length) };
  },
};

function warningOf(count: number, dimension: number): string | undefined {
  if (count > Math.max(dimension, ENOUGH - 1)) return undefined;
  const compare = `compare it with the FID of ${count} other pictures only, or read KID`;
  return count <= dimension
    ? `${count} pictures do not span ${dimension} features: FID is far too high; ${compare}`
    : `FID is biased upwards with ${count} pictures (less than ${ENOUGH}); ${compare}`;
}
