// The shelf of metrics: a new one is a file and a line here.

import { shelf } from "../core/shelf.ts";
import { latentMse } from "./latent-mse.ts";
import type { Metric } from "./metric.ts";
import { quality } from "./quality.ts";
import { ssim } from "./ssim.ts";

export const metrics = shelf<Metric>("metric", { ssim, "latent-mse": latentMse, quality });
