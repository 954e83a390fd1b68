// A search survives a kill at any moment, and nothing is scored twice.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { openMemory } from "../storage/memory.ts";
import { dying } from "../testing/dying-storage.ts";
import { journalled, type Life, WAYS } from "../testing/journalled-search.ts";
import { historyHash } from "./evolve.ts";
import { RunStore } from "./run-store.ts";

/** Twelve pictures, of which two parts are looked at before the rest. */
const RACING = { confidence: 0.8, chunk: 4 };

describe.each(WAYS.flatMap(([id, options]) => [undefined, RACING].map((racing) => [id, options, racing] as const)))(
  "%s %o, racing %o",
  (id, options, racing) => {
    const journalledHere = (life: Life = {}) => journalled(id, options, { ...life, ...(racing && { racing }) });
    const ended = (rest: Awaited<ReturnType<typeof journalled>>, whole: Awaited<ReturnType<typeof journalled>>) => {
      expect(historyHash(rest.history)).toBe(historyHash(whole.history));
      expect(rest.generations).toEqual(whole.generations);
    };

    test("killed at any candidate, it ends with the same history and scores none again", async () => {
      const whole = await journalledHere();
      for (let lives = 0; lives < whole.scored.length; lives++) {
        const storage = openMemory();
        const scored: string[] = [];
        await expect(journalledHere({ storage, scores: lives, scored })).rejects.toThrow("killed");
        const rest = await journalledHere({ storage, scored });
        expect(scored).toEqual(whole.scored);
        ended(rest, whole);
      }
    });

    test("killed after any single write, it goes on with the same candidate and scores at most that one again", async () => {
      const whole = await journalledHere();
      let writes = 0;
      for (let died = true; died; writes++) {
        const storage = openMemory();
        const scored: string[] = [];
        died = await journalledHere({ storage: dying(storage, writes), scored }).then(
          () => false,
          () => true,
        );
        const before = scored.length;
        const rest = await journalledHere({ storage, scored });
        ended(rest, whole);
        const again = scored.slice(before);
        expect(scored.length - whole.scored.length).toBeLessThanOrEqual(1);
        expect(again).toEqual(whole.scored.slice(whole.scored.length - again.length));
      }
      expect(writes).toBeGreaterThan(whole.scored.length); // it was killed at every one of them
    });

    test("killed again and again at random writes, it ends the same", async () => {
      const whole = await journalledHere();
      await fc.assert(
        fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 12 }), { maxLength: 8 }), async (kills) => {
          const storage = openMemory();
          const scored: string[] = [];
          for (const writes of kills) await journalledHere({ storage: dying(storage, writes), scored }).catch(() => {});
          ended(await journalledHere({ storage, scored }), whole);
          expect(scored.length).toBeLessThanOrEqual(whole.scored.length + kills.length);
        }),
        { numRuns: 15 },
      );
    });
  },
);

describe("what was evaluated in a context", () => {
  const options = { generations: 4, offspring: 3, survivors: 2 };

  test("is not scored again by another run, of a longer search or another searcher", async () => {
    const storage = openMemory();
    const short = await journalled("evolution", { ...options, generations: 2 }, { storage });
    const long = await journalled("evolution", options, { storage, run: "long" });
    const fresh = await journalled("evolution", options);
    expect(historyHash(long.history)).toBe(historyHash(fresh.history));
    expect([...short.scored, ...long.scored]).toEqual(fresh.scored);
    const other = await journalled("random", { generations: 4, offspring: 5 }, { storage, run: "other" });
    for (const key of other.scored) expect(fresh.scored).not.toContain(key);
  });

  test("is scored again in another context, but not by the run that goes on there", async () => {
    const storage = openMemory();
    const whole = await journalled("evolution", options, { storage });
    const elsewhere = await journalled("evolution", options, { storage, run: "other", context: "device" });
    expect(elsewhere.scored).toEqual(whole.scored);
    const same = await journalled("evolution", options, { storage, context: "another device" });
    expect(same.scored).toEqual([]);
    expect(historyHash(same.history)).toBe(historyHash(whole.history));
  });

  test("is scored again when its record is damaged", async () => {
    const storage = openMemory();
    const whole = await journalled("evolution", options, { storage });
    const keys = await storage.list(["evaluations"]);
    for (const key of [keys[0], keys.at(-1)]) {
      const bytes = (await storage.get(key as string[])) as Uint8Array;
      bytes[3] = (bytes[3] as number) ^ 1;
      await storage.put([[key as string[], bytes]]);
    }
    const again = await journalled("evolution", options, { storage });
    expect(again.scored).toHaveLength(2);
    expect(historyHash(again.history)).toBe(historyHash(whole.history));
  });
});

test("a process that another one took the run from stops at the end of its round", async () => {
  const storage = openMemory();
  const options = { generations: 4, offspring: 3, survivors: 2 };
  const runs = new RunStore(storage);
  const taken = { ...storage, put: storage.put };
  taken.put = async (entries) => {
    if (entries[0]?.[0][0] === "evaluations") {
      taken.put = storage.put;
      const record = await runs.record("run");
      if (record) await runs.save("run", { ...record, epoch: record.epoch + 1 });
    }
    await storage.put(entries);
  };
  const scored: string[] = [];
  await expect(journalled("evolution", options, { storage: taken, scored })).rejects.toMatchObject({ code: "busy" });
  expect(scored).toHaveLength(5); // the round was paid for, so its scores are kept
  const rest = await journalled("evolution", options, { storage, scored });
  expect(new Set(scored).size).toBe(rest.history.length);
});
