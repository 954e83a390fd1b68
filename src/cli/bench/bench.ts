// A bench answers one question with measured numbers: it gets an engine with its model loaded and returns what goes
// into the JSON. Machine, versions and device are added around it.

import type { Engine, LoadRequest, ModelCard } from "../../engine/api.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import type { Context } from "../commands/command.ts";
import type { ParsedFlags } from "../flags.ts";

export interface BenchTools {
  readonly engine: Engine;
  readonly runtime: Runtime;
  readonly card: ModelCard;
  readonly source: LoadRequest["source"];
  readonly flags: ParsedFlags;
}

export interface Bench {
  readonly help: string;
  run(tools: BenchTools, context: Context): Promise<unknown>;
}
