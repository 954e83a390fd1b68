// Inception Score (Salimans et al. 2016), the mean over splits as in the ADM evaluator. The name is kept for any
// classifier, but values of different ones do not compare.

import { StudioError } from "../../core/errors.ts";
import { exp, log } from "../../core/math.ts";
import type { Split } from "../parts/feature-statistics.ts";
import type { DistributionMetric } from "./distribution.ts";

export const inceptionScore: DistributionMetric = {
  label: "Inception Score",
  help: "How surely a classifier names each picture and how varied the names are: 1 to the number of classes.",
  options: {},
  direction: "higher",
  range: [1, Infinity],
  reference: false,
  measure({ splits }) {
    if (splits.length === 0)
      throw new StudioError("missing-data", "Inception Score: the network has no classes; use one that has");
    return { value: splits.reduce((sum, split) => sum + exp(information(split)), 0) / splits.length };
  },
};

/** Mean divergence of the pictures' classes from the split's: what a picture tells of its class, nats. */
function information({ mean, negativeEntropy }: Split): number {
  return mean.reduce((rest, share) => (share > 0 ? rest - share * log(share) : rest), negativeEntropy);
}
