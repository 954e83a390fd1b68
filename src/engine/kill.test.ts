// A bank survives a kill after every single write: what was stored is there, what is missing is made, and nothing else.

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createNodeRuntime } from "../runtime/ort-node.ts";
import { openMemory } from "../storage/memory.ts";
import type { Storage } from "../storage/storage.ts";
import { dying } from "../testing/dying-storage.ts";
import { FakeRuntime } from "../testing/fake-runtime.ts";
import { CALIBRATION } from "../testing/tiny-engine.ts";
import { tinyBank, tinyPipeline } from "../testing/tiny-pipeline.ts";
import type { Pipeline } from "./pipeline.ts";

let runtime: FakeRuntime;
let pipeline: Pipeline;
beforeAll(async () => {
  runtime = new FakeRuntime(await createNodeRuntime({ threads: 1 }));
  pipeline = await tinyPipeline(runtime);
});
afterAll(async () => {
  await pipeline.free();
  await runtime.close();
});

const STAGES = CALIBRATION.division.length;
const LAYERS = 4;

async function contentsOf(storage: Storage): Promise<ReadonlyMap<string, Uint8Array | undefined>> {
  const keys = await storage.list(["bank"]);
  const values = await storage.getMany(keys);
  return new Map(keys.map((key, place) => [key.join("/"), values[place]]));
}

/** What `work` ran on the device and factored. */
async function account(work: (factored: string[]) => Promise<unknown>) {
  const before = runtime.runs();
  const factored: string[] = [];
  await work(factored);
  return { factored, runs: runtime.runs() - before };
}

/** Runs before the first block: the condition with all modulations in one chain, and the embedding. */
const BEFORE = 2;

/**
 * Half precision ends with a second writing of the index, which then says what it cost. `observations` are the runs of each
 * time that the model is observed in a stage: all blocks at once, or the first and then both.
 */
describe.each([
  ["obs", "f32", undefined, LAYERS, 0, [BEFORE + 2]],
  ["obs", "f32", 0, LAYERS, 0, [BEFORE + 1, BEFORE + 2]],
  ["obs", "f16", undefined, LAYERS, 1, [BEFORE + 2]],
  ["wanda", "f32", undefined, LAYERS, 0, [BEFORE + 2]],
  ["layerdrop", "f32", undefined, 1, 0, [BEFORE + 2 + 2]],
] as const)("%s in %s, %s bytes", (id, precision, bytes, perStage, last, observations) => {
  const request = { pruner: { id }, storage: precision };
  const records = STAGES * perStage;
  const perObservation = perStage / observations.length;
  const allRuns = Array.from({ length: STAGES }, () => observations).flat();
  const sum = (runs: readonly number[]) => runs.reduce((total, count) => total + count, 0);
  let whole: ReadonlyMap<string, Uint8Array | undefined>;
  beforeAll(async () => {
    const storage = openMemory();
    const { runs } = await account((factored) => tinyBank(pipeline, request, storage, factored, bytes));
    whole = await contentsOf(storage);
    expect(runs).toBe(sum(allRuns));
    expect(whole.size).toBe(1 + records);
  });

  test.each(Array.from({ length: records + last + 1 }, (_, writes) => writes))(
    "killed after write %i",
    async (writes) => {
      const storage = openMemory();
      const killed = tinyBank(pipeline, request, dying(storage, writes), [], bytes);
      if (writes < records + last) await expect(killed).rejects.toThrow("killed");
      else await killed;
      const kept = await contentsOf(storage);
      const made = Math.min(writes, records);
      expect(kept.size).toBe(writes === 0 ? 0 : 1 + made);
      for (const [key, bytes] of kept)
        if (last === 0 || !key.endsWith("index")) expect(bytes, key).toEqual(whole.get(key));

      const { factored, runs } = await account((list) => tinyBank(pipeline, request, storage, list, bytes));
      expect(factored).toHaveLength(perStage === 1 ? 0 : records - made);
      // Only stages, and blocks of them, that lack something are observed again.
      expect(runs).toBe(sum(allRuns.slice(Math.floor(made / perObservation))));
      expect(await contentsOf(storage)).toEqual(whole);
    },
  );
});
