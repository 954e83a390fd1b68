import { expect, test } from "vitest";
import { storageContract } from "../testing/storage-contract.ts";
import { openMemory } from "./memory.ts";
import { orMemory } from "./or-memory.ts";
import type { Storage } from "./storage.ts";

class Silence extends Error {}
const isOutOfReach = (error: unknown) => error instanceof Silence;
const silent = () => Promise.reject(new Silence());
const deaf = { put: silent, remove: silent };
const mute = { ...deaf, get: silent, getMany: silent, list: silent, size: silent };

storageContract("memory behind a disk that answers", async () => orMemory(openMemory(), isOutOfReach));
storageContract("memory behind a disk that takes nothing", async () =>
  orMemory({ ...openMemory(), ...deaf }, isOutOfReach),
);
storageContract("memory behind a disk that says nothing", async () =>
  orMemory({ ...openMemory(), ...mute }, isOutOfReach),
);

/** A disk on which there is something before it stops to answer. */
async function failing(how: Partial<Storage>) {
  const disk: { -readonly [K in keyof Storage]: Storage[K] } = { ...openMemory(), durability: "persistent" };
  for (const part of ["a", "b"]) await disk.put([[["runs", part], Uint8Array.of(1)]]);
  const storage = orMemory(disk, isOutOfReach);
  expect(storage.durability).toBe("persistent");
  Object.assign(disk, how);
  return storage;
}

test("what the disk held is read on, what is written covers it, what is removed is gone", async () => {
  const storage = await failing(deaf);
  await storage.put([[["runs", "c"], Uint8Array.of(2)]]);
  expect(storage.durability).toBe("memory");
  await storage.put([[["runs", "a"], Uint8Array.of(3)]]);
  await storage.remove(["runs", "b"]);
  expect(await storage.list(["runs"])).toEqual([
    ["runs", "a"],
    ["runs", "c"],
  ]);
  const values = await storage.getMany(["a", "b", "c"].map((part) => ["runs", part]));
  expect(values).toEqual([Uint8Array.of(3), undefined, Uint8Array.of(2)]);
  await storage.put([[["runs", "b"], Uint8Array.of(4)]]);
  expect(await storage.get(["runs", "b"])).toEqual(Uint8Array.of(4));
});

test("a disk that does not even read is asked once", async () => {
  let asked = 0;
  const getMany = () => {
    asked++;
    return silent();
  };
  const storage = await failing({ ...mute, getMany });
  for (const _ of [1, 2, 3]) expect(await storage.get(["runs", "a"])).toBeUndefined();
  expect(asked).toBe(1);
  expect(storage.durability).toBe("memory");
});

test("a refusal reaches the caller and changes nothing", async () => {
  const storage = await failing({ put: () => Promise.reject(new Error("full")) });
  await expect(storage.put([[["runs", "c"], Uint8Array.of(2)]])).rejects.toThrow("full");
  expect(storage.durability).toBe("persistent");
});
