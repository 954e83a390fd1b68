// Whether pictures show what they were asked to. A classifier is easily satisfied, so this says little by itself: blobs
// are recognised too.

import { StudioError } from "../../core/errors.ts";
import type { DistributionMetric } from "./distribution.ts";

export const accuracy: DistributionMetric = {
  label: "Class accuracy",
  help: "The share of pictures in which a classifier sees the class that was asked for.",
  options: {},
  direction: "higher",
  range: [0, 1],
  reference: false,
  measure({ labelled: { count, right } }) {
    if (count > 0) return { value: right / count };
    throw new StudioError("missing-data", "class accuracy: no picture has a label and classes predicted; give labels");
  },
};
