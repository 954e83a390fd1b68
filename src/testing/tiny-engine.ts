// A real engine over the tiny model, in memory and in one thread, with its device's accounts open.

import { uniformDivision } from "../core/schedule.ts";
import type {
  CalibrateRequest,
  CalibrateResult,
  Engine,
  ModelCard,
  SearchEvent,
  SearchRequest,
} from "../engine/api.ts";
import { createEngine } from "../engine/engine.ts";
import { pruners } from "../pruners/index.ts";
import type { LayerStatistics } from "../pruners/pruner.ts";
import { createNodeRuntime } from "../runtime/ort-node.ts";
import { openMemory } from "../storage/memory.ts";
import type { Mirror, Storage } from "../storage/storage.ts";
import { FakeRuntime } from "./fake-runtime.ts";
import { TinyBundle } from "./tiny-bundle.ts";

export interface TinyEngine {
  readonly engine: Engine;
  readonly runtime: FakeRuntime;
  readonly storage: Storage;
  readonly bundle: TinyBundle;
  /** Names of all layers that were factored: "blocks.0.mlp.fc2, stage 1". */
  readonly factored: string[];
  load(): Promise<ModelCard>;
  calibrate(request?: Partial<CalibrateRequest>): Promise<CalibrateResult>;
  /** Candidates that were scored, by the device's account; dense and the baselines count too. */
  scored(): number;
}

export interface TinyEngineOptions {
  readonly bundle?: TinyBundle;
  /** Of an engine that was closed or lost its device: what a restart finds. */
  readonly storage?: Storage;
  readonly mirror?: Mirror;
  /** Called before each layer is factored. */
  readonly onFactor?: (layer: LayerStatistics) => void;
  /** See Environment. */
  readonly calibrationBytes?: number;
}

export async function openTiny(options: TinyEngineOptions = {}): Promise<TinyEngine> {
  const { bundle = new TinyBundle(), storage = openMemory(), onFactor, ...environment } = options;
  const runtime = new FakeRuntime(await createNodeRuntime({ threads: 1 }));
  const factored: string[] = [];
  let clock = 0;
  const engine = createEngine({
    runtime,
    storage,
    read: bundle.read,
    factorThreads: 1,
    ...environment,
    now: () => ++clock,
    factor: async (id, layer, values) => {
      const pruner = pruners.get(id);
      if (pruner.kind !== "width") throw new Error(`${id} has no factors`);
      onFactor?.(layer);
      factored.push(layer.name);
      return pruner.factor(layer, values);
    },
  });
  return {
    engine,
    runtime,
    storage,
    bundle,
    factored,
    load: () => engine.load({ source: { kind: "bundle", base: bundle.base } }, ignore, never()),
    calibrate: (request) => engine.calibrate({ ...CALIBRATION, ...request }, ignore, never()),
    scored: () => runtime.runs("metric ssim") + runtime.runs("metric latent-mse"),
  };
}

/** Three stages of the paper's method on few latents. */
export const CALIBRATION: CalibrateRequest = {
  pruner: { id: "obs" },
  division: uniformDivision(3, 1000),
  items: 8,
  seed: 1,
};

/** Three generations of four stages: seconds, not minutes. */
export const SEARCH: SearchRequest = {
  pruner: { id: "obs" },
  stages: 4,
  target: 0.5,
  searcher: { id: "evolution", options: { generations: 3, survivors: 2, offspring: 4 } },
  metric: { id: "ssim" },
  probes: 2,
  validation: 2,
  heldOut: 3,
  steps: 10,
  guidance: 2,
  sampler: { id: "ddim" },
  calibrationItems: 4,
  stagesPerFactor: 1,
  seed: 1,
};

/** A signal that nobody aborts. */
export function never(): AbortSignal {
  return new AbortController().signal;
}

export function ignore(): void {}

/** Events of one type, in order. */
export function eventsOf<T extends SearchEvent["type"]>(events: readonly SearchEvent[], type: T) {
  return events.filter((event): event is Extract<SearchEvent, { type: T }> => event.type === type);
}
