// The shelf of searchers: an id here equals a file name.

import { shelf } from "../core/shelf.ts";
import { evolution } from "./evolution.ts";
import type { Searcher } from "./searcher.ts";

export const searchers = shelf<Searcher>("searcher", { evolution });
