// The shelves of metrics that score single pictures: a new one is a file and a line here. Those of whole sets of pictures
// have a shelf of their own in distribution/.

import { type Shelf, shelf } from "../core/shelf.ts";
import type { Criterion } from "./criterion/criterion.ts";
import { parseCriterion } from "./criterion/expression.ts";
import { fft } from "./fft.ts";
import { latentAbs } from "./latent-abs.ts";
import { latentCosine } from "./latent-cosine.ts";
import { latentMse } from "./latent-mse.ts";
import { latentSnr } from "./latent-snr.ts";
import type { Metric } from "./metric.ts";
import { mse } from "./mse.ts";
import { psnr } from "./psnr.ts";
import { quality } from "./quality.ts";
import { sharpness } from "./sharpness.ts";
import { ssim } from "./ssim.ts";
import { ssimGrey } from "./ssim-grey.ts";

/** Whatever a report may tell of a picture: those of role "fitness" too. */
export const reports = shelf<Metric>("metric", {
  ssim,
  "latent-mse": latentMse,
  "latent-abs": latentAbs,
  "latent-cosine": latentCosine,
  "latent-snr": latentSnr,
  mse,
  psnr,
  fft,
  quality,
  "ssim-grey": ssimGrey,
  sharpness,
});

/** What candidates may be compared by. `get` takes combinations as well, see criterion/expression.ts. */
export const metrics: Shelf<Criterion> = {
  noun: reports.noun,
  ids: reports.ids.filter((id) => reports.get(id).role === "fitness"),
  get: (text) => parseCriterion(text, reports),
};

/** Whether a model that can serve the metrics with `ids` can serve this choice, which may combine several. */
export function servedBy(ids: readonly string[], choice: string): boolean {
  return [...metrics.get(choice).parts.keys()].every((id) => ids.includes(id));
}
