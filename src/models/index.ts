// The shelf of architectures. A new one is a folder and a line.

import { type Shelf, shelf } from "../core/shelf.ts";
import { dit } from "./dit/dit.ts";
import type { Architecture } from "./model.ts";

export const architectures: Shelf<Architecture> = shelf<Architecture>("architecture", { dit });
