// The shelf of searchers: an id here equals a file name.

import { shelf } from "../core/shelf.ts";
import { bayesian } from "./bayesian.ts";
import { evolution } from "./evolution.ts";
import { greedy } from "./greedy.ts";
import { random } from "./random.ts";
import { refine } from "./refine.ts";
import type { Searcher } from "./searcher.ts";
import { sensitivity } from "./sensitivity.ts";

export const searchers = shelf<Searcher>("searcher", { evolution, greedy, random, refine, sensitivity, bayesian });
