// Storage in the browser. One database per concern, because idb-keyval has one store per database and because a damaged
// cache must not take the runs with it. A value is kept in chunks under [key, 0], [key, 1], …, written in one
// transaction. A full disk makes IndexedDB hang without an error, so every call is raced with a watchdog.

import { createStore, promisifyRequest, type UseStore } from "idb-keyval";
import { StudioError } from "../core/errors.ts";
import type { Bytes, Milliseconds } from "../core/tensor.ts";
import { CONCERNS, type Concern, concernOf, sharedConcern } from "./keys.ts";
import { openMemory } from "./memory.ts";
import type { Key, Storage } from "./storage.ts";

const MIB = 2 ** 20;
/** Larger values are slow in one piece, and Safari refuses some. */
const CHUNK_BYTES: Bytes = 16 * MIB;
/** A disk that writes less than this in a second is as good as hanging. */
const SLOWEST_BYTES_PER_SECOND: Bytes = MIB;
const STORE = "values";

export interface IndexedDbOptions {
  /** How long a call may stay silent. */
  readonly patience?: Milliseconds;
  readonly chunkBytes?: Bytes;
}

/** IndexedDB when it works here, else memory: `durability` says which. */
export async function openStorage(options: IndexedDbOptions = {}): Promise<Storage> {
  if (typeof indexedDB === "undefined") return openMemory();
  const storage = openIndexedDb(options);
  try {
    await storage.list(["runs"]);
    await storage.freeBytes();
    return storage;
  } catch {
    return openMemory();
  }
}

/**
 * Asks the browser to keep the data when space runs out. Only a page can ask, and some browsers show a question that
 * nobody may answer: never wait for it.
 */
export function askForPersistence(): void {
  if (typeof navigator === "undefined") return;
  navigator.storage?.persist?.().catch(() => {});
}

export function openIndexedDb({ patience = 10_000, chunkBytes = CHUNK_BYTES }: IndexedDbOptions = {}): Storage {
  const stores = new Map<Concern, UseStore>();
  let persisted = false;

  /** One answered call, or an error that says what to do; a connection that failed is opened anew for the next call. */
  const ask = async <T>(
    concern: Concern,
    doing: string,
    bytes: Bytes,
    work: (store: IDBObjectStore) => Promise<T>,
  ): Promise<T> => {
    const attempt = () => {
      const store = stores.get(concern) ?? createStore(`diff-es/${concern}`, STORE);
      stores.set(concern, store);
      return store("readonly", work);
    };
    const silence = patience + (bytes / SLOWEST_BYTES_PER_SECOND) * 1000;
    try {
      return await watched(attempt, silence, () => stores.delete(concern));
    } catch (error) {
      throw explained(error, `storage: ${doing}`, silence);
    }
  };

  const keysOf = async (concern: Concern, prefix: Key): Promise<Key[]> => {
    const keys = await ask(concern, `listing ${concern}`, 0, (store) =>
      promisifyRequest(store.getAllKeys(rangeOf(prefix))),
    );
    return (keys as unknown as [Key, number][]).filter(([, chunk]) => chunk === 0).map(([key]) => key);
  };

  const concernsOf = (prefix: Key): readonly Concern[] => (prefix.length === 0 ? CONCERNS : [concernOf(prefix)]);

  return {
    get durability() {
      return persisted ? "persistent" : "best-effort";
    },

    async get(key) {
      const concern = concernOf(key);
      const chunks = await ask(concern, `reading ${key.join("/")}`, 0, (store) =>
        promisifyRequest<Uint8Array[]>(store.getAll(chunkRange(key))).catch(lostFile),
      );
      return chunks.length > 1 ? joined(chunks) : chunks[0];
    },

    async put(entries) {
      const concern = sharedConcern(entries);
      if (!concern) return;
      const bytes = entries.reduce((sum, [, value]) => sum + value.byteLength, 0);
      await ask(concern, `writing ${(bytes / MIB).toFixed(1)} MB to ${concern}`, bytes, async (reading) => {
        const store = writing(reading);
        try {
          for (const [key, value] of entries) {
            store.delete(chunkRange(key));
            for (let chunk = 0; chunk === 0 || chunk * chunkBytes < value.byteLength; chunk++)
              store.put(value.slice(chunk * chunkBytes, (chunk + 1) * chunkBytes), [[...key], chunk]);
          }
        } catch (error) {
          store.transaction.abort();
          throw error;
        }
        await finished(store.transaction);
      });
    },

    async list(prefix) {
      const found = await Promise.all([...concernsOf(prefix)].sort().map((concern) => keysOf(concern, prefix)));
      return found.flat();
    },

    async remove(prefix) {
      for (const concern of concernsOf(prefix))
        await ask(concern, `removing from ${concern}`, 0, async (reading) => {
          const store = writing(reading);
          store.delete(rangeOf(prefix));
          await finished(store.transaction);
        });
    },

    async freeBytes() {
      if (typeof navigator === "undefined" || !navigator.storage) return undefined;
      persisted = (await navigator.storage.persisted?.()) ?? false;
      const { quota, usage } = await navigator.storage.estimate();
      return quota === undefined || usage === undefined ? undefined : quota - usage;
    },

    async close() {
      for (const store of stores.values()) await store("readonly", ({ transaction }) => transaction.db.close());
      stores.clear();
    },
  };
}

/** A transaction of our own, because idb-keyval's are not flushed to disk before they complete. */
function writing({ transaction, name }: IDBObjectStore): IDBObjectStore {
  return transaction.db.transaction(name, "readwrite", { durability: "strict" }).objectStore(name);
}

/** Waits for `abort`, not for `error`: only then does the transaction say why. */
function finished(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error ?? new DOMException("aborted", "UnknownError"));
  });
}

/** An empty array sorts after every string and number. */
const LAST: readonly never[] = [];
const chunkRange = (key: Key) => IDBKeyRange.bound([[...key]], [[...key], LAST]);
const rangeOf = (prefix: Key) => IDBKeyRange.bound([[...prefix]], [[...prefix, LAST]]);

function joined(chunks: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(chunks.reduce((sum, { byteLength }) => sum + byteLength, 0));
  let from = 0;
  for (const chunk of chunks) {
    whole.set(chunk, from);
    from += chunk.byteLength;
  }
  return whole;
}

/** Browsers keep large values as files; when such a file is gone the value is as good as absent, and is made again. */
function lostFile(error: unknown): Uint8Array[] {
  if (error instanceof DOMException && error.name === "NotFoundError") return [];
  throw error;
}

class Silence extends Error {}

/** Runs `attempt` against the clock, and once more when the browser had closed the connection under it. */
async function watched<T>(attempt: () => Promise<T>, patience: Milliseconds, reopen: () => void): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Silence()), patience);
  });
  const again = (error: unknown): Promise<T> => {
    if (!isClosed(error)) throw error;
    reopen();
    return attempt();
  };
  try {
    return await Promise.race([attempt().catch(again), silence]);
  } catch (error) {
    reopen();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

const nameOf = (error: unknown) => (error instanceof DOMException || error instanceof Error ? error.name : "");
const isClosed = (error: unknown) => ["InvalidStateError", "AbortError", "UnknownError"].includes(nameOf(error));

function explained(error: unknown, where: string, patience: Milliseconds): unknown {
  const options = { cause: error };
  const free = "free some space or remove stored runs, then try again; what was stored before is kept";
  if (error instanceof Silence) {
    const seconds = Math.round(patience / 1000);
    return new StudioError(
      "storage-full",
      `${where}: the browser did not answer for ${seconds} s, as it does when the disk is full; ${free}`,
      { seconds },
      options,
    );
  }
  if (nameOf(error) === "QuotaExceededError")
    return new StudioError("storage-full", `${where}: there is no room; ${free}`, {}, options);
  if (!(error instanceof DOMException)) return error;
  const reason = `${error.name}: ${error.message}`;
  return new StudioError("corrupt-data", `${where}: the browser refuses (${reason}); reload the page`, {}, options);
}
