// A bench answers one question with measured numbers: it gets an engine with its model loaded, a folder to serve the page
// from, or the flags alone, and returns what goes into the JSON. Machine and versions are added around it.

import type { Engine, LoadRequest, ModelCard } from "../../engine/api.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import type { Storage } from "../../storage/storage.ts";
import type { Context } from "../commands/command.ts";
import type { ParsedFlags } from "../flags.ts";

export interface BenchTools {
  readonly engine: Engine;
  readonly runtime: Runtime;
  /** Of the engine: its banks. */
  readonly storage: Storage;
  /** Where it is kept. */
  readonly folder: string;
  readonly card: ModelCard;
  readonly source: LoadRequest["source"];
  readonly flags: ParsedFlags;
}

/** Measures the engine in this process. */
export interface EngineBench<Result = unknown> {
  readonly help: string;
  run(tools: BenchTools, context: Context): Promise<Result>;
  /** The result to be read, where there is such a form. */
  markdown?(result: Result): string;
}

/** Measures a page or processes from outside, which open engines of their own. `folder` goes away unless it is kept. */
export interface OutsideBench {
  readonly help: string;
  observe(tools: { readonly flags: ParsedFlags; readonly folder: string }, context: Context): Promise<unknown>;
}

/** Measures numerics, which need neither a model nor a device. */
export interface NumericsBench {
  readonly help: string;
  compute(flags: ParsedFlags, context: Context): Promise<unknown>;
}

export type Bench = EngineBench | OutsideBench | NumericsBench;
