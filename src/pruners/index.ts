// The shelf of pruning methods: a new one is a file and a line here.

import { shelf } from "../core/shelf.ts";
import { layerdrop } from "./layerdrop.ts";
import { obs } from "./obs.ts";
import type { Pruner } from "./pruner.ts";

export const pruners = shelf<Pruner>("pruner", { layerdrop, obs });
