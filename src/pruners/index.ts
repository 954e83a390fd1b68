// The shelf of pruning methods: a new one is a file and a line here.

import { shelf } from "../core/shelf.ts";
import { activation } from "./activation.ts";
import { layerdrop } from "./layerdrop.ts";
import { magnitude } from "./magnitude.ts";
import { obs } from "./obs.ts";
import type { Pruner } from "./pruner.ts";
import { wanda } from "./wanda.ts";

export const pruners = shelf<Pruner>("pruner", { layerdrop, obs, wanda, magnitude, activation });
