// An Engine that follows a script: every event of the contract in order, pictures by formula, fitness from a known
// sensitivity of each stage. It keeps runs in memory, honours pause and abort, and fails where it is told to.
// For tests of store and charts and for working on the page without a model; it proves nothing about pruning.

import { StudioError } from "../core/errors.ts";
import { budgetOf, sparsityOf, uniformDivision } from "../core/schedule.ts";
import { stageOfSteps, stepsPerStage } from "../core/timeline.ts";
import type {
  Device,
  Engine,
  EngineStatus,
  ModelCard,
  On,
  Phase,
  Progress,
  RoutedSchedule,
  SampleGrid,
  SampleRequest,
  SearchRequest,
  SearchResult,
  SearchSummary,
  Thumbnail,
} from "../engine/api.ts";
import { runSweep } from "../engine/sweep.ts";
import { bankOf, scriptedBanks } from "./scripted-banks.ts";
import { scriptedCard } from "./scripted-model.ts";
import { scriptedPicture } from "./scripted-pictures.ts";
import { scriptedCost, scriptedDamage, scriptedSearch } from "./scripted-search.ts";
import { scriptedSensitivity } from "./scripted-sensitivity.ts";

export interface Script {
  /** Waiting time of one unit of work. */
  readonly pace?: number;
  readonly device?: Partial<Device>;
  readonly durability?: EngineStatus["durability"];
  /** Thrown by the verb of that name, once. */
  readonly fail?: Partial<Record<"load" | "search" | "sample" | "estimate", StudioError>>;
  /** Thrown after this many generations instead of at the start. */
  readonly failAfter?: number;
  /** How much better the searched schedule is on held-out pictures, in fitness. */
  readonly gain?: number;
}

interface StoredRun {
  readonly result: SearchResult;
  readonly finished: boolean;
}

const TIMESTEPS = 1000;
const bankId = (pruner: string, stages: number) => `bank-${pruner}-${stages}`;

export function createScriptedEngine(script: Script = {}): Engine {
  const { pace = 0, gain = 0.03 } = script;
  const failures = { ...script.fail };
  const names = new Map<string, string>();
  const pictures = new Map<string, Thumbnail>();
  const runs = new Map<string, StoredRun>();
  const device: Device = {
    backend: "wasm",
    name: "WASM, 2 threads",
    software: false,
    fp16: false,
    threads: 2,
    maxBufferBytes: 2 ** 31,
    reason: "no WebGPU adapter was found",
    ...script.device,
  };
  let model: ModelCard | undefined;
  let running: string | undefined;
  let release: (() => void) | undefined;
  let gate: Promise<void> | undefined;

  async function tick(signal: AbortSignal, units = 1): Promise<void> {
    signal.throwIfAborted();
    await gate;
    if (pace > 0) await new Promise((resolve) => setTimeout(resolve, pace * units));
    else await Promise.resolve();
    signal.throwIfAborted();
  }

  async function steps(on: On<Progress>, signal: AbortSignal, phase: Phase, label: string, total: number) {
    for (let done = 0; done <= total; done++) {
      on({ type: "progress", phase, label, done, total, left: pace * (total - done) });
      if (done < total) await tick(signal);
    }
  }

  function atGeneration(generation: number): void {
    if (script.failAfter === generation) failIf("search");
  }

  function failIf(verb: keyof typeof failures): void {
    const error = failures[verb];
    delete failures[verb];
    if (error) throw error;
  }

  function loaded(): ModelCard {
    if (!model) throw new StudioError("missing-data", "engine: no model is loaded; load one first");
    return model;
  }

  function spaceOf(request: SearchRequest): SearchSummary {
    const division = uniformDivision(request.stages, TIMESTEPS);
    const last = TIMESTEPS - 1;
    const timesteps = Array.from({ length: request.steps }, (_, i) =>
      Math.round(((request.steps - 1 - i) * last) / Math.max(1, request.steps - 1)),
    );
    const maxLevel = mostOf(request.pruner.id);
    const budget = budgetOf(request.target, maxLevel, request.stages);
    stepsPerStage(division, timesteps);
    return {
      division,
      bank: bankId(request.pruner.id, request.stages),
      maxLevel,
      budget,
      timesteps,
      stageOfStep: stageOfSteps(division, timesteps),
      sparsity: budget / request.stages / maxLevel,
      generations: Number(request.searcher.options?.generations ?? 8),
    };
  }

  /** Of a pruner, or of a bank by its id. */
  function mostOf(name: string): number {
    const { spec } = loaded();
    return name.includes("layerdrop") ? spec.depth : spec.heads;
  }

  function damageOf(schedule: RoutedSchedule | undefined): number {
    if (!schedule) return 0;
    return scriptedDamage(schedule.levels, mostOf(schedule.bank));
  }

  const { keep: keepBank, ...bankVerbs } = scriptedBanks({ loaded, running: () => running, tick });

  const search: Engine["search"] = async (request, on, signal) => {
    if (running)
      throw new StudioError("busy", `search: the engine is busy with ${running}; stop it first`, { running });
    running = "search";
    try {
      if (script.failAfter === undefined) failIf("search");
      const space = spaceOf(request);
      const run = `run-${request.pruner.id}-${request.stages}-${request.target}-${request.seed}-${space.generations}`;
      const earlier = runs.get(run)?.result.generations ?? [];
      on({ type: "started", run, resumedAt: earlier.length, space });
      await steps(on, signal, "calibrate", "Calibrating", request.stages);
      await steps(on, signal, "factor", "Preparing pruned weights", 12);
      keepBank(bankOf(request, space));
      const keep = (partial: SearchResult) => runs.set(run, { result: partial, finished: false });
      const world = { card: loaded(), device, gain, tick, steps, keep, atGeneration };
      const result = await scriptedSearch(world, request, run, space, earlier, on, signal);
      runs.set(run, { result, finished: true });
      return result;
    } finally {
      running = undefined;
    }
  };

  return {
    async status() {
      const status = { device, durability: script.durability ?? "persistent", freeBytes: 6.2e9, running } as const;
      return { ...status, model };
    },
    async load({ source }, on, signal) {
      await steps(on, signal, "load", "Loading the model", 6);
      failIf("load");
      model = scriptedCard(source);
      return model;
    },
    async calibrate(request, on, signal) {
      await steps(on, signal, "calibrate", "Calibrating", request.division.length);
      const { pruner, division, items } = request;
      const card = keepBank({
        id: bankId(pruner.id, division.length),
        pruner,
        division,
        maxLevel: mostOf(pruner.id),
        items,
      });
      return { ...card, reused: false, elapsed: 1 };
    },
    async sample(request: SampleRequest, on, signal): Promise<SampleGrid> {
      failIf("sample");
      const { imageSize, spec } = loaded();
      const { schedule, sketch, labels, seed, first: from = 0 } = request;
      const damage = damageOf(schedule);
      const pixels = labels.map((label, i) => scriptedPicture(label, seed + from + i, damage, imageSize));
      const parts = (schedule && sketch?.parts) ?? [labels.length];
      let first = 0;
      for (const count of parts) {
        await steps(on, signal, "sample", "Drawing", request.steps);
        if (sketch) on({ type: "pictures", first, pixels: pixels.slice(first, first + count) });
        first += count;
      }
      if (request.predictions)
        for (let step = 0; step < request.steps; step++) {
          const blur = damage + (1 - damage) * (1 - (step + 1) / request.steps);
          const predicted = labels.map((label, i) => scriptedPicture(label, seed + from + i, blur, imageSize));
          on({ type: "prediction", step, pixels: predicted });
        }
      const levels = schedule?.levels ?? [0];
      const maxLevel = schedule ? mostOf(schedule.bank) : 1;
      const ones = levels.map(() => 1);
      const { channels, height, width } = spec.latent;
      const size = labels.length * channels * height * width;
      return {
        latents: { shape: [labels.length, channels, height, width], data: new Float32Array(size).fill(1 + damage) },
        pixels,
        side: imageSize,
        labels,
        cost: scriptedCost(loaded(), sparsityOf(levels, ones, maxLevel), labels.length, request.steps),
        timed: levels.map((level) => ({ level, time: 34 * (1 - (0.82 * level) / maxLevel) })),
        ...(sketch && { scores: labels.map(() => 1 - damage) }),
      };
    },
    search,
    resume({ run }, on, signal) {
      const stored = runs.get(run);
      if (!stored) throw new StudioError("missing-data", `run ${run}: is not in storage`);
      return search(stored.result.request, on, signal);
    },
    fork: ({ run }) => Promise.reject(new StudioError("missing-data", `run ${run}: a script cannot be forked`)),
    inject: ({ run }) => Promise.reject(new StudioError("missing-data", `run ${run}: a script takes no schedules`)),
    sensitivity: async (request, on, signal) =>
      scriptedSensitivity({ card: loaded(), device, tick, spaceOf }, request, on, signal),
    sweep: (request, on, signal) =>
      runSweep(request, { check: () => {}, finished: async () => undefined, search, now: () => 0 }, on, signal),
    evaluate: async (request, on, signal) => {
      const damage = damageOf(request.schedule);
      await steps(on, signal, "sample", "Evaluating", request.pictures);
      const metrics = { fid: { value: 10 + 100 * damage, warning: "few pictures" }, kid: { value: damage } };
      return { pictures: request.pictures, network: "scripted", real: undefined, metrics, device };
    },
    async pause(paused) {
      if (paused) gate ??= new Promise((resolve) => (release = resolve));
      else {
        release?.();
        gate = undefined;
      }
    },
    async estimate(request) {
      failIf("estimate");
      const { maxLevel, bank: id, division } = spaceOf(request);
      const { pruner, calibrationItems: items, seed } = request;
      const { generations = 8, offspring = 8, survivors = 4 } = request.searcher.options ?? {};
      const evaluations = Number(survivors) + Number(generations) * Number(offspring);
      const search = evaluations * request.probes * request.steps * 2 * 6;
      return {
        bank: { id, request: { pruner, division, items, seed } },
        calibrate: request.stages * request.calibrationItems * 40,
        search,
        dense: request.probes * request.steps * 2 * 9,
        evaluations,
        bankBytes: maxLevel * 4e6,
        missingBytes: maxLevel * 4e6,
      };
    },
    async runs() {
      return [...runs].map(([run, { result, finished }]) => {
        const generation = result.generations.length - 1;
        const { request, model, best, space, verdict, elapsed } = result;
        const name = names.get(run) || undefined;
        const card = {
          run,
          request,
          forks: [],
          model: model.id,
          finished,
          generation,
          name,
          picture: pictures.get(run),
          bytes: 1000,
        };
        if (!finished) return card;
        const { levels, fitness } = best;
        return { ...card, outcome: { levels, fitness, elapsed, maxLevel: space.maxLevel, better: verdict.better } };
      });
    },
    async run(id) {
      return runs.get(id)?.result;
    },
    async renameRun(id, name) {
      names.set(id, name);
    },
    async keepPicture(id, picture) {
      pictures.set(id, picture);
    },
    async removeRun(id) {
      runs.delete(id);
      pictures.delete(id);
    },
    ...bankVerbs,
    async close() {},
  };
}
