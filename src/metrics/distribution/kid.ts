// Kernel distance of features (Bińkowski et al. 2018), unbiased with any number of pictures: what to read beside FID when
// there are few. All pairs of the kept features are used, rather than random subsets of them: the same expectation, less
// variance and nothing to draw.

import { kernelDistance } from "../../core/kernel-distance.ts";
import { comparableRows, type DistributionMetric } from "./distribution.ts";

export const kid: DistributionMetric = {
  label: "KID",
  help: "Distance between the features of these pictures and of real ones that is fair with few pictures. Near 0 is alike; the scale is the network's own.",
  options: {},
  direction: "lower",
  range: [-Infinity, Infinity],
  reference: true,
  measure: (set, reference) => ({ value: kernelDistance(set.rows, comparableRows("KID", set, reference).rows) }),
};
