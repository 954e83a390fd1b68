// A bench answers one question with measured numbers. It gets a loaded pipeline or an engine, never prints,
// and returns what goes into the JSON.

import type { Engine } from "../../engine/api.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import type { ParsedFlags } from "../flags.ts";
import type { Context } from "../commands/command.ts";

export interface BenchTools {
  readonly engine: Engine;
  readonly runtime: Runtime;
  /** Folder or file of the model. */
  readonly model: string;
  readonly flags: ParsedFlags;
}

export interface Bench {
  readonly help: string;
  run(tools: BenchTools, context: Context): Promise<unknown>;
}
