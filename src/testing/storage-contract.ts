// What every storage promises, as one suite that each adapter runs.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compareKeys, hasPrefix } from "../storage/keys.ts";
import type { Key, Storage } from "../storage/storage.ts";
import { turnsContract } from "./turns-contract.ts";

const bytes = (...values: number[]) => Uint8Array.from(values);
const text = (value: string) => new TextEncoder().encode(value);

/** @param open gives an empty storage */
export function storageContract(adapter: string, open: () => Promise<Storage>): void {
  describe(`storage contract: ${adapter}`, () => {
    test("gives back what was put, and nothing for what was not", async () => {
      const storage = await open();
      await storage.put([[["runs", "a", "checkpoint"], bytes(1, 2, 3)]]);
      expect(await storage.get(["runs", "a", "checkpoint"])).toEqual(bytes(1, 2, 3));
      expect(await storage.get(["runs", "a"])).toBeUndefined();
      expect(await storage.get(["bank", "a", "checkpoint"])).toBeUndefined();
    });

    test("gives back many values in the order of their keys, with gaps where there is none", async () => {
      const storage = await open();
      const keys: Key[] = [10, 2, "b", "a"].map((part) => ["bank", "stage", part]);
      const long = Uint8Array.from({ length: 1000 }, (_, i) => i % 251);
      await storage.put([
        [["bank", "stage", 2], long],
        [["bank", "stage", "a"], bytes(1, 2)],
        [["bank", "stage", "a", "below"], bytes(3)],
        [["bank", "stage", 10], bytes()],
      ]);
      expect(await storage.getMany(keys)).toEqual([bytes(), long, undefined, bytes(1, 2)]);
      expect(await storage.getMany([])).toEqual([]);
      await expect(storage.getMany([["bank", "a"], ["runs"]])).rejects.toThrow("bank and runs");
    });

    test("tells how many bytes lie below a prefix", async () => {
      const storage = await open();
      await storage.put([
        [["bank", "a"], bytes(1, 2)],
        [["bank", "a", 1], new Uint8Array(1000)],
        [["bank", "ab"], bytes(3)],
      ]);
      await storage.put([[["runs", "a"], bytes(1, 2, 3, 4)]]);
      await storage.put([[["bank", "a", 1], new Uint8Array(100)]]);
      const sizes = [[], ["bank"], ["bank", "a"], ["bank", "a", 1], ["bank", "b"]].map((key) => storage.size(key));
      expect(await Promise.all(sizes)).toEqual([107, 103, 102, 100, 0]);
      await storage.remove(["bank", "a"]);
      expect(await storage.size(["bank"])).toBe(1);
    });

    test("keeps bytes, not memory: neither side's later changes show", async () => {
      const storage = await open();
      const larger = bytes(9, 1, 2, 9);
      const view = larger.subarray(1, 3);
      await storage.put([[["bank", "view"], view]]);
      view.fill(7);
      const first = (await storage.get(["bank", "view"])) as Uint8Array;
      expect(first).toEqual(bytes(1, 2));
      first.fill(8);
      expect(await storage.get(["bank", "view"])).toEqual(bytes(1, 2));
    });

    test("replaces a long value by a short one and by an empty one", async () => {
      const storage = await open();
      const key = ["weights", "w"];
      const long = Uint8Array.from({ length: 1000 }, (_, i) => i % 251);
      await storage.put([[key, long]]);
      expect(await storage.get(key)).toEqual(long);
      await storage.put([[key, bytes(5)]]);
      expect(await storage.get(key)).toEqual(bytes(5));
      await storage.put([[key, bytes()]]);
      expect(await storage.get(key)).toEqual(bytes());
      expect(await storage.list(["weights"])).toEqual([key]);
    });

    test("lists by whole parts, numbers in order and before strings", async () => {
      const storage = await open();
      const keys: Key[] = [
        ["bank", "a"],
        ["bank", "a", 2],
        ["bank", "a", 10],
        ["bank", "a", "1"],
        ["bank", "a", "b", "c"],
        ["bank", "ab"],
      ];
      await storage.put([...keys].reverse().map((key) => [key, text(key.join())] as const));
      expect(await storage.list(["bank"])).toEqual(keys);
      expect(await storage.list(["bank", "a"])).toEqual(keys.slice(0, 5));
      expect(await storage.list(["bank", "a", 10])).toEqual([["bank", "a", 10]]);
      expect(await storage.list(["bank", "a", 1])).toEqual([]);
      expect(await storage.list(["runs"])).toEqual([]);
    });

    test("lists everything for the empty prefix, concern by concern", async () => {
      const storage = await open();
      for (const concern of ["weights", "runs", "bank"]) await storage.put([[[concern, 1], bytes(1)]]);
      expect(await storage.list([])).toEqual([
        ["bank", 1],
        ["runs", 1],
        ["weights", 1],
      ]);
      await storage.remove([]);
      expect(await storage.list([])).toEqual([]);
    });

    test("removes a key with all below it and nothing beside it", async () => {
      const storage = await open();
      const keys: Key[] = [
        ["runs", "a"],
        ["runs", "a", "result"],
        ["runs", "ab"],
      ];
      await storage.put(keys.map((key) => [key, bytes(1)] as const));
      await storage.remove(["runs", "a"]);
      expect(await storage.list(["runs"])).toEqual([["runs", "ab"]]);
      await storage.remove(["runs", "missing"]);
      expect(await storage.get(["runs", "ab"])).toEqual(bytes(1));
    });

    test("stores all entries of a put or none", async () => {
      const storage = await open();
      await storage.put([[["runs", "a"], bytes(1)]]);
      const broken = (() => {}) as unknown as Uint8Array;
      await expect(
        storage.put([
          [["runs", "a"], bytes(2)],
          [["runs", "b"], broken],
        ]),
      ).rejects.toThrow();
      expect(await storage.get(["runs", "a"])).toEqual(bytes(1));
      expect(await storage.list(["runs"])).toEqual([["runs", "a"]]);
    });

    test("refuses a put across concerns and a key of no concern", async () => {
      const storage = await open();
      const across = storage.put([
        [["runs", "a"], bytes(1)],
        [["bank", "a"], bytes(1)],
      ]);
      await expect(across).rejects.toThrow("runs and bank");
      await expect(storage.put([[["elsewhere"], bytes(1)]])).rejects.toThrow("elsewhere");
      expect(await storage.list([])).toEqual([]);
    });

    test("the last of two puts at once wins", async () => {
      const storage = await open();
      await Promise.all([1, 2, 3].map((value) => storage.put([[["runs", "a"], bytes(value)]])));
      expect(await storage.get(["runs", "a"])).toEqual(bytes(3));
    });

    test("agrees with a list of entries, whatever the keys", async () => {
      const part = fc.oneof(
        fc.string({ unit: "binary", maxLength: 6 }),
        fc.constantFrom("A", "a", "..", "con", "1", 1, -1.5),
      );
      const key = fc
        .tuple(fc.constantFrom("runs", "bank"), fc.array(part, { maxLength: 3 }))
        .map(([head, tail]) => [head, ...tail]);
      const step = fc.record({ remove: fc.boolean(), key, value: fc.uint8Array({ maxLength: 40 }) });
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
          const storage = await open();
          let model: (readonly [Key, Uint8Array])[] = [];
          for (const { remove, key, value } of steps) {
            model = model.filter(([other]) => (remove ? !hasPrefix(other, key) : compareKeys(other, key) !== 0));
            if (remove) await storage.remove(key);
            else await storage.put([[key, value]]);
            if (!remove) model.push([key, value]);
          }
          model.sort(([a], [b]) => compareKeys(a, b));
          expect(await storage.list([])).toEqual(model.map(([key]) => key));
          for (const [key, value] of model) expect(await storage.get(key)).toEqual(value);
        }),
        { numRuns: 25, seed: 1 },
      );
    });

    turnsContract(async () => (await open()).exclusive);

    test("says how long data stays", async () => {
      const storage = await open();
      expect(["persistent", "best-effort", "memory"]).toContain(storage.durability);
      const free = await storage.freeBytes();
      expect(free === undefined || free >= 0).toBe(true);
      await storage.close();
    });
  });
}
