// Storage in the browser. One database per concern, because idb-keyval has one store per database and because a damaged
// cache must not take the runs with it. A value is kept in chunks under [key, 0, bytes], [key, 1, bytes], …, written in
// one transaction: keys are read without the values, so they tell what is stored and how large it is. On a full disk
// IndexedDB fails with an UnknownError or never answers, so every call is raced with a watchdog.

import { createStore, promisifyRequest, type UseStore } from "idb-keyval";
import { StudioError } from "../core/errors.ts";
import type { Bytes, Milliseconds } from "../core/tensor.ts";
import { CONCERNS, type Concern, concernOf, sharedConcern } from "./keys.ts";
import { openMemory } from "./memory.ts";
import { orMemory } from "./or-memory.ts";
import type { Key, Storage } from "./storage.ts";
import { nameOf, Silence, watched } from "./watchdog.ts";
import { inTurnAmongTabs } from "./web-locks.ts";

const MIB = 2 ** 20;
/** Larger values are slow in one piece, and Safari refuses some. */
const CHUNK_BYTES: Bytes = 16 * MIB;
/** A disk that writes less than this in a second is as good as hanging. */
const SLOWEST_BYTES_PER_SECOND: Bytes = MIB;
/** A disk that has no room for this is full for everybody: what a search writes down of a candidate is far less. */
const LITTLE: Bytes = MIB;
const STORE = "values";

/** The key of one chunk: of what, the how manieth, its size. */
type ChunkKey = readonly [Key, number, Bytes];
/** Blobs are read together faster than arrays one by one, but Safari's private windows refuse to store them. */
type Chunk = Blob | Uint8Array<ArrayBuffer>;

export interface IndexedDbOptions {
  /** How long a call may stay silent, in all. */
  readonly patience?: Milliseconds;
  readonly chunkBytes?: Bytes;
}

/** IndexedDB when it works here and as long as it answers, else memory: `durability` says which. */
export async function openStorage(options: IndexedDbOptions = {}): Promise<Storage> {
  if (typeof indexedDB === "undefined") return openMemory();
  const storage = openIndexedDb(options);
  try {
    await storage.list(["runs"]);
    await storage.freeBytes();
    return orMemory(storage, isOutOfReach);
  } catch {
    return openMemory();
  }
}

/**
 * Asks the browser to keep the data when space runs out, unless it does already. Only a page can ask, and some browsers
 * show a question that nobody may answer: never wait for it.
 */
export async function askForPersistence(): Promise<void> {
  try {
    if (!(await navigator.storage.persisted())) await navigator.storage.persist();
  } catch {
    // Pages without HTTPS cannot ask: `durability` says best-effort.
  }
}

export function openIndexedDb({ patience = 10_000, chunkBytes = CHUNK_BYTES }: IndexedDbOptions = {}): Storage {
  const stores = new Map<Concern, UseStore>();
  let persisted = false;
  /** Calls that are tried once more: a mark for each. */
  const waiting = new Set<symbol>();
  let takesBlobs = true;

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
    const call = Symbol(doing);
    const reopen = () => {
      stores.delete(concern);
      waiting.add(call);
    };
    try {
      return await watched(attempt, silence, reopen);
    } catch (error) {
      throw explained(error, `storage: ${doing}`, silence, bytes);
    } finally {
      waiting.delete(call);
    }
  };

  const concernsOf = (prefix: Key): readonly Concern[] => (prefix.length === 0 ? CONCERNS : [concernOf(prefix)]);

  const chunksBelow = async (prefix: Key): Promise<readonly ChunkKey[]> => {
    const listing = [...concernsOf(prefix)]
      .sort()
      .map((concern) =>
        ask(concern, `listing ${concern}`, 0, (store) => promisifyRequest(store.getAllKeys(rangeOf(prefix)))),
      );
    return (await Promise.all(listing)).flat() as unknown as ChunkKey[];
  };

  const getMany = async (keys: readonly Key[]): Promise<(Uint8Array | undefined)[]> => {
    const concern = sharedConcern(keys);
    if (!concern) return [];
    const where = keys.length === 1 ? (keys[0] as Key).join("/") : `${keys.length} values of ${concern}`;
    return ask(concern, `reading ${where}`, 0, async (store) =>
      bytesOf(await Promise.all(keys.map((key) => promisifyRequest<Chunk[]>(store.getAll(chunkRange(key)))))),
    );
  };

  return {
    get durability() {
      if (waiting.size > 0) return "waiting";
      return persisted ? "persistent" : "best-effort";
    },

    async get(key) {
      return (await getMany([key]))[0];
    },
    getMany,

    async put(entries) {
      const concern = sharedConcern(entries.map(([key]) => key));
      if (!concern) return;
      const bytes = entries.reduce((sum, [, value]) => sum + value.byteLength, 0);
      const doing = `writing ${(bytes / MIB).toFixed(1)} MB to ${concern}`;
      const write = (asBlobs: boolean) =>
        ask(concern, doing, bytes, async (reading) => {
          const store = writing(reading);
          try {
            for (const entry of entries) putChunks(store, entry, chunkBytes, asBlobs);
          } catch (error) {
            store.transaction.abort();
            throw error;
          }
          await finished(store.transaction);
        });
      const asBlobs = takesBlobs;
      try {
        await write(asBlobs);
      } catch (error) {
        if (!asBlobs || !(error instanceof StudioError) || error.code !== "corrupt-data") throw error;
        takesBlobs = false;
        await write(false);
      }
    },

    async list(prefix) {
      return (await chunksBelow(prefix)).filter(([, index]) => index === 0).map(([key]) => key);
    },

    async size(prefix) {
      return (await chunksBelow(prefix)).reduce((sum, [, , bytes]) => sum + bytes, 0);
    },

    async remove(prefix) {
      for (const concern of concernsOf(prefix))
        await ask(concern, `removing from ${concern}`, 0, async (reading) => {
          const store = writing(reading);
          store.delete(rangeOf(prefix));
          await finished(store.transaction);
        });
    },

    exclusive: (name, ...work) => inTurnAmongTabs(`diff-es/${name}`, ...work),

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

function putChunks(
  store: IDBObjectStore,
  [key, value]: readonly [Key, Uint8Array],
  chunkBytes: Bytes,
  asBlobs: boolean,
): void {
  store.delete(chunkRange(key));
  for (let index = 0; index === 0 || index * chunkBytes < value.byteLength; index++) {
    const chunk = value.slice(index * chunkBytes, (index + 1) * chunkBytes);
    store.put(asBlobs ? new Blob([chunk]) : chunk, [[...key], index, chunk.byteLength]);
  }
}

/** What browsers say of a file that is gone; Chromium the second. */
const LOST = ["NotFoundError", "NotReadableError"];

/**
 * The values that these chunks are. All are read at once: beginning to read a file takes a browser longer than reading
 * it. One whose file the browser has lost is undefined, as one without chunks is: it is as good as absent.
 */
async function bytesOf(values: readonly (readonly Chunk[])[]): Promise<(Uint8Array | undefined)[]> {
  try {
    const whole = new Uint8Array(await new Blob(values.flat()).arrayBuffer());
    let end = 0;
    return values.map((chunks) => {
      const begin = end;
      for (const chunk of chunks) end += chunk instanceof Blob ? chunk.size : chunk.byteLength;
      return chunks.length > 0 ? whole.subarray(begin, end) : undefined;
    });
  } catch (error) {
    if (!LOST.includes(nameOf(error))) throw error;
    if (values.length === 1) return [undefined];
    return (await Promise.all(values.map((chunks) => bytesOf([chunks])))).flat();
  }
}

/** Whether an error says that the disk has failed or is full, rather than that this call asked too much of it. */
export function isOutOfReach(error: unknown): boolean {
  if (!(error instanceof StudioError)) return false;
  const { cause, details } = error;
  if (nameOf(cause) === "QuotaExceededError") return (details.bytes as Bytes) <= LITTLE;
  return cause instanceof Silence || nameOf(cause) === "UnknownError";
}

function explained(error: unknown, where: string, patience: Milliseconds, bytes: Bytes): unknown {
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
    return new StudioError("storage-full", `${where}: there is no room; ${free}`, { bytes }, options);
  if (!(error instanceof DOMException)) return error;
  const reason = `${error.name}: ${error.message}`;
  return new StudioError("corrupt-data", `${where}: the browser refuses (${reason}); reload the page`, {}, options);
}
