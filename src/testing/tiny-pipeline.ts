// The tiny model on its device, without an engine around it: for tests of what the verbs are made of.

import type { CalibrateRequest } from "../engine/api.ts";
import type { Bank } from "../engine/bank.ts";
import { loadModel } from "../engine/load.ts";
import { Pipeline } from "../engine/pipeline.ts";
import { precompute } from "../engine/precompute.ts";
import { pruners } from "../pruners/index.ts";
import type { WidthPruner } from "../pruners/pruner.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { openMemory } from "../storage/memory.ts";
import type { Storage } from "../storage/storage.ts";
import { TinyBundle } from "./tiny-bundle.ts";
import { CALIBRATION, ignore, never } from "./tiny-engine.ts";

export async function tinyPipeline(
  runtime: Runtime,
  bundle = new TinyBundle(),
  routingBytes?: number,
): Promise<Pipeline> {
  const model = await loadModel({ kind: "bundle", base: bundle.base }, bundle.read, ignore);
  return new Pipeline(runtime, model, () => 0, routingBytes);
}

/** A bank of real statistics, in memory. Names of the layers that had to be factored go to `factored`. */
export async function tinyBank(
  pipeline: Pipeline,
  request: Partial<CalibrateRequest> = {},
  storage: Storage = openMemory(),
  factored: string[] = [],
  calibrationBytes?: number,
): Promise<Bank> {
  const tools = {
    storage,
    factor: async (id: string, ...[layer, options]: Parameters<WidthPruner["factor"]>) => {
      factored.push(layer.name);
      return (pruners.get(id) as WidthPruner).factor(layer, options);
    },
    factorThreads: 1,
    calibrationBytes,
    now: () => 0,
    exclusive: <T>(work: () => Promise<T>) => work(),
  };
  return (await precompute(pipeline, { ...CALIBRATION, ...request }, tools, ignore, never())).bank;
}
