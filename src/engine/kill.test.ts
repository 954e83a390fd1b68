// A bank survives a kill after every single write: what was stored is there, what is missing is made, and nothing else.

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createNodeRuntime } from "../runtime/ort-node.ts";
import { openMemory } from "../storage/memory.ts";
import type { Storage } from "../storage/storage.ts";
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

/** After so many writes nothing reaches it any more. */
function dying(storage: Storage, writes: number): Storage {
  let left = writes;
  return {
    ...storage,
    put: async (entries) => {
      if (left-- <= 0) throw new Error("killed");
      await storage.put(entries);
    },
  };
}

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

/** Half precision ends with a second writing of the index, which then says what it cost. */
describe.each([
  ["obs", "f32", LAYERS, 0],
  ["obs", "f16", LAYERS, 1],
  ["wanda", "f32", LAYERS, 0],
  ["layerdrop", "f32", 1, 0],
] as const)("%s in %s", (id, precision, perStage, last) => {
  const request = { pruner: { id }, storage: precision };
  const records = STAGES * perStage;
  let whole: ReadonlyMap<string, Uint8Array | undefined>;
  let runsPerStage: number;
  beforeAll(async () => {
    const storage = openMemory();
    const { runs } = await account((factored) => tinyBank(pipeline, request, storage, factored));
    whole = await contentsOf(storage);
    runsPerStage = runs / STAGES;
    expect(whole.size).toBe(1 + records);
    expect(runsPerStage).toBeGreaterThan(0);
  });

  test.each(Array.from({ length: records + last + 1 }, (_, writes) => writes))(
    "killed after write %i",
    async (writes) => {
      const storage = openMemory();
      const killed = tinyBank(pipeline, request, dying(storage, writes));
      if (writes < records + last) await expect(killed).rejects.toThrow("killed");
      else await killed;
      const kept = await contentsOf(storage);
      const made = Math.min(writes, records);
      expect(kept.size).toBe(writes === 0 ? 0 : 1 + made);
      for (const [key, bytes] of kept)
        if (last === 0 || !key.endsWith("index")) expect(bytes, key).toEqual(whole.get(key));

      const { factored, runs } = await account((list) => tinyBank(pipeline, request, storage, list));
      expect(factored).toHaveLength(perStage === 1 ? 0 : records - made);
      // Only stages that lack something are calibrated again.
      expect(runs).toBe(runsPerStage * (STAGES - Math.floor(made / perStage)));
      expect(await contentsOf(storage)).toEqual(whole);
    },
  );
});
