// The shelf of metrics of whole sets of pictures: a new one is a file and a line here.

import { shelf } from "../../core/shelf.ts";
import { accuracy } from "./accuracy.ts";
import type { DistributionMetric } from "./distribution.ts";
import { fid } from "./fid.ts";
import { inceptionScore } from "./inception-score.ts";
import { kid } from "./kid.ts";
import { precision } from "./precision.ts";
import { recall } from "./recall.ts";

export const distributions = shelf<DistributionMetric>("distribution", {
  fid,
  kid,
  "inception-score": inceptionScore,
  precision,
  recall,
  accuracy,
});
