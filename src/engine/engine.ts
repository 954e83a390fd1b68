// The verbs. An engine holds one model on one device; it runs in a worker behind the page, in Node behind the CLI and
// in tests, and knows hardware and disk only through two ports.

import { StudioError } from "../core/errors.ts";
import { checkLevels } from "../core/schedule.ts";
import type { Bytes, Milliseconds } from "../core/tensor.ts";
import type { Runtime } from "../runtime/runtime.ts";
import type { Mirror, Storage } from "../storage/storage.ts";
import type { CalibrateResult, Engine, ModelCard, RoutedSchedule } from "./api.ts";
import { Bank, listBanks, removeBank } from "./bank.ts";
import { exportBank, importBank } from "./bank-files.ts";
import { DeviceGate } from "./device-gate.ts";
import { estimateSearch } from "./estimate.ts";
import { evaluateSchedule } from "./evaluate.ts";
import { loadModel, type Read } from "./load.ts";
import { type OpenSchedule, Pipeline } from "./pipeline.ts";
import { type FactorLayer, precompute } from "./precompute.ts";
import { STATISTICS } from "./readings.ts";
import { RunMirror } from "./run-mirror.ts";
import { RunStore } from "./run-store.ts";
import { runVerbs } from "./run-verbs.ts";
import { type Studio, samplePictures } from "./sample.ts";
import { Sketchbook } from "./sketchbook.ts";
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
  let studio: Studio | undefined;
  /** Of the loaded model; undefined for one that is no folder. */
  let base: string | undefined;
  const banks = new Map<string, Bank>();

  const opened = (): Studio => {
    if (!studio) throw new StudioError("missing-data", "engine: no model is loaded; load one first");
    return studio;
  };
  const loaded = (): Pipeline => opened().pipeline;
  const leave = async () => {
    await studio?.sketchbook.free();
    await studio?.pipeline.free();
    studio = undefined;
  };

  /** What the model brings of real pictures; a model may bring none. */
  const statistics = async () =>
    base === undefined ? undefined : read(`${base.replace(/\/$/, "")}/${STATISTICS}`).catch(() => undefined);

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
      return {
        device: runtime.device,
        durability,
        freeBytes,
        model: studio?.pipeline.model.card,
        running: gate.running,
      };
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
          await leave();
          banks.clear();
          const pipeline = new Pipeline(runtime, model, now, routingBytes);
          studio = { pipeline, sketchbook: new Sketchbook(pipeline) };
          base = source.kind === "bundle" ? source.base : undefined;
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
        const schedule = request.schedule && (await open(request.schedule));
        return samplePictures(opened(), request, schedule, on, signal);
      }),

    evaluate: (request, on, signal) =>
      gate.verb("evaluate", async () => {
        const pipeline = loaded();
        const schedule = request.schedule && (await open(request.schedule));
        return evaluateSchedule(pipeline, request, schedule, { statistics, exclusive, now }, on, signal);
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
        await leave();
        await runtime.close();
        await storage.close();
      }),
  };
}
