import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { openMemory } from "../storage/memory.ts";
import { SEARCH } from "../testing/tiny-engine.ts";
import { type RunRecord, RunStore } from "./run-store.ts";

const record = (generations: number, epoch = 1): RunRecord => ({
  request: SEARCH,
  model: "model",
  contexts: ["context"],
  forks: [],
  rounds: Array.from({ length: generations }, (_, i) => ({ told: [`address ${i}`], injected: [], generation: true })),
  epoch,
});
const slots = [0, 1].map((slot) => ["runs", "run", "slot", slot]);

describe("two slots", () => {
  test("the last record holds, whichever slot it is in", async () => {
    const runs = new RunStore(openMemory());
    expect(await runs.record("run")).toBeUndefined();
    for (const generations of [1, 2, 3, 4]) {
      await runs.save("run", record(generations));
      expect(await runs.record("run")).toMatchObject(record(generations));
    }
  });

  test("a torn or damaged slot leaves the one before, which is then not the next to be written", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 4 }), fc.nat(), fc.boolean(), async (count, at, torn) => {
        const storage = openMemory();
        const runs = new RunStore(storage);
        for (let i = 1; i <= count; i++) await runs.save("run", record(i));
        const newest = slots[count % 2] as string[];
        const bytes = (await storage.get(newest)) as Uint8Array;
        const place = at % bytes.length;
        bytes[place] = (bytes[place] as number) ^ 4;
        await storage.put([[newest, torn ? bytes.subarray(0, place) : bytes]]);
        expect((await runs.record("run"))?.rounds.length).toBe(count === 1 ? undefined : count - 1);
        await runs.save("run", record(9));
        expect((await runs.record("run"))?.rounds.length).toBe(9);
        if (count > 1) expect(await storage.get(slots[(count + 1) % 2] as string[])).toBeDefined();
      }),
      { numRuns: 40 },
    );
  });
});

test("a writer whose run somebody else took up stops", async () => {
  const runs = new RunStore(openMemory());
  await runs.save("run", record(1, 1));
  await runs.save("run", record(1, 2));
  await expect(runs.save("run", record(2, 1))).rejects.toMatchObject({ code: "busy" });
  expect((await runs.record("run"))?.rounds.length).toBe(1);
  await runs.save("run", record(3, 2));
});
