// The verbs. An engine holds one model on one device; it runs in a worker behind the page, in Node behind the CLI and
// in tests, and knows hardware and disk only through two ports.

import { StudioError } from "../core/errors.ts";
import { checkLevels, uniformDivision } from "../core/schedule.ts";
import type { Bytes, Milliseconds } from "../core/tensor.ts";
import { stageOfSteps, stepsPerStage } from "../core/timeline.ts";
import { pruners } from "../pruners/index.ts";
import type { Runtime } from "../runtime/runtime.ts";
import type { Mirror, Storage } from "../storage/storage.ts";
import type { CalibrateResult, Engine, ModelCard, RoutedSchedule, SampleGrid, SampleRequest } from "./api.ts";
import { Bank, listBanks, removeBank } from "./bank.ts";
import { exportBank, importBank } from "./bank-files.ts";
import { DeviceGate } from "./device-gate.ts";
import { estimateSearch } from "./estimate.ts";
import { costOf } from "./experiment.ts";
import { loadModel, type Read } from "./load.ts";
import { toPixels } from "./pictures.ts";
import { divisionOf, type OpenSchedule, Pipeline } from "./pipeline.ts";
import { type FactorLayer, precompute } from "./precompute.ts";
import { RunMirror } from "./run-mirror.ts";
import { RunStore } from "./run-store.ts";
import { runVerbs } from "./run-verbs.ts";
import { Stopwatch } from "./stopwatch.ts";
import { studyVerbs } from "./study-verbs.ts";

/** What a root provides. */
export interface Environment {
  readonly runtime: Runtime;
  readonly storage: Storage;
  /** Keeps the state of runs beside the storage, where there is such a place. */
  readonly mirror?: Mirror;
  readonly factor: FactorLayer;
  /** How many factors are computed at a time. */
  readonly factorThreads: number;
  /** Reads a file of a model bundle: fetch in the page, the disk in Node. @throws missing-data */
  readonly read: Read;
  readonly now: () => Milliseconds;
  /** Of factors and cuts that stay in memory; the router's default when absent. */
  readonly routingBytes?: Bytes;
  /** Of what calibration adds up on the device at a time; CALIBRATION_BYTES when absent. */
  readonly calibrationBytes?: Bytes;
}

export function createEngine({
  runtime,
  storage,
  mirror,
  factor,
  factorThreads,
  read,
  now,
  routingBytes,
  calibrationBytes,
}: Environment): Engine {
  const gate = new DeviceGate();
  const runs = new RunStore(storage, mirror && new RunMirror(mirror));
  const { exclusive, hold } = gate;
  const tools = { storage, runs, factor, factorThreads, calibrationBytes, now, exclusive, hold };
  let pipeline: Pipeline | undefined;
  const banks = new Map<string, Bank>();

  const loaded = (): Pipeline => {
    if (!pipeline) throw new StudioError("missing-data", "engine: no model is loaded; load one first");
    return pipeline;
  };

  const open = async (schedule: RoutedSchedule): Promise<OpenSchedule> => {
    const bank = banks.get(schedule.bank) ?? (await Bank.open(storage, schedule.bank));
    if (!bank || bank.recipe.model !== loaded().model.card.id)
      throw new StudioError(
        "missing-data",
        `bank ${schedule.bank}: ${bank ? "was made for another model" : "is not in storage"}; calibrate again`,
      );
    banks.set(bank.id, bank);
    const { division, levels } = schedule;
    checkLevels("schedule", levels, division.length, bank.recipe.maxLevel);
    return { bank, division, levels };
  };

  return {
    async status() {
      const freeBytes = await storage.freeBytes();
      const { durability } = storage; // read last: asking for space tells whether data stays
      return { device: runtime.device, durability, freeBytes, model: pipeline?.model.card, running: gate.running };
    },

    load: ({ source }, on, signal) =>
      gate.verb("load", async (): Promise<ModelCard> => {
        let files = 0;
        const model = await loadModel(source, read, (file) => {
          signal.throwIfAborted();
          files++;
          on({ type: "progress", phase: "load", label: `Loading ${file}`, done: files, total: files + 1 });
        });
        // A sample may be under way with the earlier model.
        await gate.exclusive(async () => {
          await pipeline?.free();
          banks.clear();
          pipeline = new Pipeline(runtime, model, now, routingBytes);
        });
        return model.card;
      }),

    calibrate: (request, on, signal) =>
      gate.verb("calibrate", async (): Promise<CalibrateResult> => {
        const watch = new Stopwatch(now);
        const { bank, reused, elapsed } = await precompute(
          loaded(),
          request,
          tools,
          ({ phase, label, share }) =>
            on({ type: "progress", phase, label, done: share, total: 1, left: watch.left(share) }),
          signal,
        );
        banks.set(bank.id, bank);
        return { ...(await bank.card()), reused, elapsed };
      }),

    sample: (request, on, signal) =>
      gate.exclusive(async () => {
        const current = loaded();
        const schedule = request.schedule && (await open(request.schedule));
        const batch = batchOf(current, request);
        const { steps } = request;
        const onStep = (done: number) =>
          on({ type: "progress", phase: "sample", label: "Sampling", done, total: steps });
        const rollout = await current.rollout(batch, schedule, request, { signal, onStep, fuse: true });
        try {
          return await gridOf(current, request, schedule, rollout);
        } finally {
          rollout.latents.free();
        }
      }),

    async pause(paused) {
      gate.pause(paused);
    },

    estimate: (request) => gate.exclusive(() => estimateSearch(loaded(), request, tools)),
    ...runVerbs(tools, gate, loaded),
    ...studyVerbs(tools, gate, loaded),

    async banks() {
      return Promise.all((await listBanks(storage)).map((bank) => bank.card()));
    },

    removeBank: (id) =>
      gate.verb("removeBank", async () => {
        await removeBank(storage, id);
        banks.delete(id);
      }),

    async exportBank({ bank: id }, on, signal) {
      const bank = await Bank.open(storage, id);
      if (!bank) throw new StudioError("missing-data", `bank ${id}: is not in storage; calibrate again`);
      await exportBank(bank, on, signal);
      return bank.card();
    },

    importBank: (request, on, signal) =>
      gate.verb("importBank", async () => (await importBank(storage, loaded().model, request, on, signal)).card()),

    close: () =>
      gate.exclusive(async () => {
        await pipeline?.free();
        await runtime.close();
        await storage.close();
      }),
  };
}

function batchOf(pipeline: Pipeline, { noise, labels, seed }: SampleRequest) {
  const { channels, height, width } = pipeline.model.spec.latent;
  const { numClasses } = pipeline.model.spec;
  const wrong = labels.find((label) => !(Number.isInteger(label) && label >= 0 && label < numClasses));
  if (wrong !== undefined)
    throw new StudioError("invalid-input", `sample: label ${wrong} is not in 0 … ${numClasses - 1}`);
  if (labels.length === 0) throw new StudioError("invalid-input", "sample: no labels, so no pictures");
  if (!noise) return pipeline.batch(seed, "samples", labels);
  const expected = [labels.length, channels, height, width];
  if (noise.shape.join() !== expected.join())
    throw new StudioError(
      "shape-mismatch",
      `sample: noise is [${noise.shape.join(", ")}], labels and model need [${expected.join(", ")}]`,
    );
  return { noise, labels: Int32Array.from(labels) };
}

async function gridOf(
  pipeline: Pipeline,
  request: SampleRequest,
  schedule: OpenSchedule | undefined,
  { latents, stepTimes }: Awaited<ReturnType<Pipeline["rollout"]>>,
): Promise<SampleGrid> {
  const { model } = pipeline;
  const { pixels, side } = await toPixels(pipeline, latents);
  const division = schedule ? divisionOf(schedule) : uniformDivision(1, model.noise.timesteps);
  const kind = schedule ? pruners.get(schedule.bank.recipe.pruner.id).kind : "width";
  const timesteps = pipeline.linearSteps(request).map((step) => step.timestep);
  const staging = {
    division,
    stageOfStep: stageOfSteps(division, timesteps),
    stepsPerStage: stepsPerStage(division, timesteps),
  };
  const batch = request.labels.length;
  return {
    latents: (await latents.download()) as SampleGrid["latents"],
    pixels,
    side,
    labels: request.labels,
    cost: costOf(model, kind, staging, schedule?.levels, stepTimes, batch),
  };
}
