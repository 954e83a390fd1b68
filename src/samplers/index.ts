// The shelf of samplers: an id here equals a file name.

import { shelf } from "../core/shelf.ts";
import { ddim } from "./ddim.ts";
import { dpmSolver } from "./dpm-solver.ts";
import type { Sampler } from "./sampler.ts";

export const samplers = shelf<Sampler>("sampler", { ddim, "dpm-solver": dpmSolver });
