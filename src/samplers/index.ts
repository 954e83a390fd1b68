// The shelf of samplers: an id here equals a file name.

import { shelf } from "../core/shelf.ts";
import { ddim } from "./ddim.ts";
import { dpmSolver } from "./dpm-solver.ts";
import { flowEuler } from "./flow-euler.ts";
import type { Prediction, Sampler } from "./sampler.ts";

export const samplers = shelf<Sampler>("sampler", { ddim, "flow-euler": flowEuler, "dpm-solver": dpmSolver });

/** Those that can sample a network, its usual one first. */
export function samplersFor(prediction: Prediction): string[] {
  return samplers.ids.filter((id) => samplers.get(id).predictions.includes(prediction));
}
