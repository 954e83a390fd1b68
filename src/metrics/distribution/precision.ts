// Improved precision (Kynkäänniemi et al. 2019), with the neighbours of the ADM evaluator.

import { coverage } from "../../core/coverage.ts";
import { NEIGHBOURS } from "../parts/neighbours.ts";
import { comparableRows, type DistributionMetric } from "./distribution.ts";

export const precision: DistributionMetric = {
  label: "Precision",
  help: "The share of pictures that look like some real one: high is faithful.",
  options: {},
  direction: "higher",
  range: [0, 1],
  reference: true,
  measure: (set, reference) => ({
    value: coverage(set.rows, comparableRows("precision", set, reference).rows, NEIGHBOURS),
  }),
};
