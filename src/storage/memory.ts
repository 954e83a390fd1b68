// Storage that ends with the process: what the page falls back to when the browser keeps nothing (private windows), and
// what tests use.

import { StudioError } from "../core/errors.ts";
import type { Bytes } from "../core/tensor.ts";
import { compareKeys, hasPrefix, sharedConcern } from "./keys.ts";
import type { Key, Storage } from "./storage.ts";
import { createTurns } from "./turns.ts";

/** @param capacity refuses what would not fit, as a full disk does */
export function openMemory(capacity: Bytes = Number.POSITIVE_INFINITY): Storage {
  const values = new Map<string, { readonly key: Key; readonly bytes: Uint8Array }>();
  const used = (prefix: Key = []) => {
    const below = [...values.values()].filter(({ key }) => hasPrefix(key, prefix));
    return below.reduce((sum, { bytes }) => sum + bytes.byteLength, 0);
  };
  const stored = (key: Key) => values.get(JSON.stringify(key))?.bytes.slice();

  return {
    durability: "memory",
    async get(key) {
      return stored(key);
    },
    async getMany(keys) {
      sharedConcern(keys);
      return keys.map(stored);
    },
    async put(entries) {
      sharedConcern(entries.map(([key]) => key));
      const added = new Map(
        entries.map(([key, bytes]) => [JSON.stringify(key), { key: [...key], bytes: bytes.slice() }]),
      );
      let total = used();
      for (const [id, { bytes }] of added) total += bytes.byteLength - (values.get(id)?.bytes.byteLength ?? 0);
      if (total > capacity)
        throw new StudioError("storage-full", `storage: ${total} bytes do not fit into ${capacity}; remove a run`);
      for (const [id, value] of added) values.set(id, value);
    },
    async list(prefix) {
      const keys = [...values.values()].map(({ key }) => key);
      return keys.filter((key) => hasPrefix(key, prefix)).sort(compareKeys);
    },
    async size(prefix) {
      return used(prefix);
    },
    async remove(prefix) {
      for (const [id, { key }] of values) if (hasPrefix(key, prefix)) values.delete(id);
    },
    exclusive: createTurns(),
    async freeBytes() {
      return Number.isFinite(capacity) ? capacity - used() : undefined;
    },
    async close() {},
  };
}
