// Storage that gets out of reach, as IndexedDB does on a full disk, must not stop the work: from the first such call on,
// what is written goes to memory, and `durability` says so. What the disk held is read as long as it answers.

import type { Bytes } from "../core/tensor.ts";
import { compareKeys, hasPrefix } from "./keys.ts";
import { openMemory } from "./memory.ts";
import type { Key, Storage } from "./storage.ts";

/** @param isOutOfReach tells a call that no disk answered from one that was refused: refusals reach the caller */
export function orMemory(disk: Storage, isOutOfReach: (error: unknown) => boolean): Storage {
  const memory = openMemory();
  /** What is gone from the disk, as far as this process is concerned. */
  const removed: Key[] = [];
  let writing = true;
  let reading = true;

  const read = async <T>(ask: () => Promise<T>, otherwise: T): Promise<T> => {
    if (!reading) return otherwise;
    try {
      return await ask();
    } catch (error) {
      if (!isOutOfReach(error)) throw error;
      reading = writing = false;
      return otherwise;
    }
  };
  const write = async (ask: () => Promise<void>, instead: () => Promise<void>): Promise<void> => {
    if (!writing) return instead();
    try {
      await ask();
    } catch (error) {
      if (!isOutOfReach(error)) throw error;
      writing = false;
      await instead();
    }
  };
  const onDisk = (key: Key) => !removed.some((prefix) => hasPrefix(key, prefix));

  const getMany: Storage["getMany"] = async (keys) => {
    const nothing = keys.map(() => undefined);
    const [here, there] = [await memory.getMany(keys), await read(() => disk.getMany(keys), nothing)];
    return keys.map((key, place) => here[place] ?? (onDisk(key) ? there[place] : undefined));
  };

  return {
    ...disk,
    get durability() {
      return writing ? disk.durability : memory.durability;
    },
    async get(key) {
      return (await getMany([key]))[0];
    },
    getMany,
    put: (entries) =>
      write(
        () => disk.put(entries),
        () => memory.put(entries),
      ),
    async list(prefix) {
      const here = await memory.list(prefix);
      const there = await read(() => disk.list(prefix), []);
      const names = new Set(here.map((key) => JSON.stringify(key)));
      const others = there.filter((key) => onDisk(key) && !names.has(JSON.stringify(key)));
      return [...here, ...others].sort(compareKeys);
    },
    /** What was written twice counts twice. */
    async size(prefix): Promise<Bytes> {
      return (await memory.size(prefix)) + (await read(() => disk.size(prefix), 0));
    },
    remove: (prefix) =>
      write(
        () => disk.remove(prefix),
        async () => {
          removed.push([...prefix]);
          await memory.remove(prefix);
        },
      ),
  };
}
