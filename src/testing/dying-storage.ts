// Storage of a process that is killed: after so many writes nothing reaches it any more.

import type { Storage } from "../storage/storage.ts";

export function dying(storage: Storage, writes: number): Storage {
  let left = writes;
  return {
    ...storage,
    put: async (entries) => {
      if (left-- <= 0) throw new Error("killed");
      await storage.put(entries);
    },
  };
}
