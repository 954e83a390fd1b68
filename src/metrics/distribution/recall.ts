// Improved recall (Kynkäänniemi et al. 2019): precision with the sets exchanged.

import { coverage } from "../../core/coverage.ts";
import { NEIGHBOURS } from "../parts/neighbours.ts";
import { comparableRows, type DistributionMetric } from "./distribution.ts";

export const recall: DistributionMetric = {
  label: "Recall",
  help: "The share of real pictures that look like some of these: high is varied.",
  options: {},
  direction: "higher",
  range: [0, 1],
  reference: true,
  measure: (set, reference) => ({
    value: coverage(comparableRows("recall", set, reference).rows, set.rows, NEIGHBOURS),
  }),
};
