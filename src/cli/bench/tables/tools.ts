// What rows are measured with.

import { type LoadedModel, loadModel } from "../../../engine/load.ts";
import type { Context } from "../../commands/command.ts";
import { readModelFile } from "../../environment.ts";
import type { BenchTools } from "../bench.ts";

export interface TableTools extends BenchTools, Context {
  /** Beside the engine's own: for what the engine has no verb for. */
  readonly model: LoadedModel;
}

export async function tableTools(tools: BenchTools, context: Context): Promise<TableTools> {
  return { ...tools, ...context, model: await loadModel(tools.source, readModelFile, () => {}) };
}
