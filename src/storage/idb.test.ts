import "fake-indexeddb/auto";
import { IDBDatabase, IDBFactory, IDBObjectStore } from "fake-indexeddb";
import { afterEach, describe, expect, test, vi } from "vitest";
import { storageContract } from "../testing/storage-contract.ts";
import { ignore, never, turnsContract } from "../testing/turns-contract.ts";
import { askForPersistence, openIndexedDb, openStorage } from "./idb.ts";
import { createTurns } from "./turns.ts";

const fresh = () => {
  globalThis.indexedDB = new IDBFactory();
};
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  fresh();
});

storageContract("IndexedDB", async () => {
  fresh();
  return openIndexedDb();
});
storageContract("IndexedDB in small chunks", async () => {
  fresh();
  return openIndexedDb({ chunkBytes: 7 });
});

const value = new Uint8Array(20).fill(3);

test("outlives the connection", async () => {
  const first = openIndexedDb();
  await first.put([[["runs", "a"], value]]);
  await first.close();
  expect(await openIndexedDb().get(["runs", "a"])).toEqual(value);
});

test("says storage-full when the quota is reached, and keeps what was there", async () => {
  const storage = openIndexedDb();
  await storage.put([[["runs", "a"], value]]);
  const put = IDBObjectStore.prototype.put;
  vi.spyOn(IDBObjectStore.prototype, "put").mockImplementation(function (this: IDBObjectStore, ...given) {
    if ((given[1] as [string[], number])[0][1] === "full") throw new DOMException("no room", "QuotaExceededError");
    return put.apply(this, given);
  });
  const both = storage.put([
    [["runs", "a"], new Uint8Array(1)],
    [["runs", "full"], value],
  ]);
  await expect(both).rejects.toMatchObject({
    code: "storage-full",
    message: expect.stringContaining("writing 0.0 MB"),
  });
  expect(await storage.get(["runs", "a"])).toEqual(value);
});

test("does not hang when the database never answers, and works again once it does", async () => {
  const storage = openIndexedDb({ patience: 400 });
  await storage.put([[["runs", "a"], value]]);
  const silent = vi.spyOn(IDBObjectStore.prototype, "getAll").mockImplementation(() => ({}) as never);
  await expect(storage.get(["runs", "a"])).rejects.toMatchObject({ code: "storage-full" });
  silent.mockRestore();
  expect(await storage.get(["runs", "a"])).toEqual(value);
});

test("asks a database that did not answer once more, on a new connection", async () => {
  const storage = openIndexedDb({ patience: 400 });
  await storage.put([[["runs", "a"], value]]);
  const opened = vi.spyOn(indexedDB, "open");
  const said: string[] = [];
  opened.mockImplementationOnce((...given) => {
    said.push(storage.durability);
    return indexedDB.open(...given);
  });
  const silent = vi.spyOn(IDBObjectStore.prototype, "getAll").mockImplementationOnce(() => ({}) as never);
  expect(await storage.get(["runs", "a"])).toEqual(value);
  expect([...said, storage.durability]).toEqual(["waiting", "best-effort"]);
  expect(silent).toHaveBeenCalledTimes(2);
});

test("goes on in memory when the database never answers again, and says so", async () => {
  const storage = await openStorage({ patience: 200 });
  await storage.put([[["runs", "a"], value]]);
  expect(storage.durability).toBe("best-effort");
  const transaction = IDBDatabase.prototype.transaction;
  vi.spyOn(IDBDatabase.prototype, "transaction").mockImplementation(function (this: IDBDatabase, ...given) {
    if (given[1] !== "readwrite") return transaction.apply(this, given);
    return { objectStore: () => ({ delete: ignore, put: ignore, transaction: {} }) } as never;
  });
  await storage.put([[["runs", "b"], value]]);
  expect(storage.durability).toBe("memory");
  expect(await storage.get(["runs", "a"])).toEqual(value);
  expect(await storage.get(["runs", "b"])).toEqual(value);
});

test("goes on in memory when the browser cannot open its own files, and reads what it can", async () => {
  const storage = await openStorage();
  await storage.put([[["runs", "a"], value]]);
  const transaction = IDBDatabase.prototype.transaction;
  vi.spyOn(IDBDatabase.prototype, "transaction").mockImplementation(function (this: IDBDatabase, ...given) {
    if (given[1] !== "readwrite") return transaction.apply(this, given);
    throw new DOMException("Internal error opening backing store for indexedDB.open.", "UnknownError");
  });
  await storage.put([[["runs", "b"], value]]);
  expect(storage.durability).toBe("memory");
  expect(await storage.getMany(["a", "b"].map((run) => ["runs", run]))).toEqual([value, value]);
});

test("goes on in memory when the disk has no room for little, and refuses what is large", async () => {
  const full = async (bytes: number) => {
    fresh();
    const storage = await openStorage();
    vi.spyOn(IDBObjectStore.prototype, "put").mockImplementation(() => {
      throw new DOMException("no room", "QuotaExceededError");
    });
    const put = storage.put([[["bank", "a"], new Uint8Array(bytes)]]);
    return { put, storage };
  };
  const little = await full(1000);
  await little.put;
  expect(little.storage.durability).toBe("memory");
  vi.restoreAllMocks();
  const large = await full(2 ** 21);
  await expect(large.put).rejects.toMatchObject({ code: "storage-full" });
  expect(large.storage.durability).toBe("best-effort");
});

test("opens the database again when the browser closed the connection", async () => {
  const storage = openIndexedDb();
  await storage.put([[["runs", "a"], value]]);
  let failures = 1;
  const getAll = IDBObjectStore.prototype.getAll;
  vi.spyOn(IDBObjectStore.prototype, "getAll").mockImplementation(function (this: IDBObjectStore, ...given) {
    if (failures-- > 0) throw new DOMException("Connection is closing", "InvalidStateError");
    return getAll.apply(this, given);
  });
  expect(await storage.get(["runs", "a"])).toEqual(value);
});

test.each(["NotFoundError", "NotReadableError"])(
  "a value whose file the browser lost (%s) is absent, and those beside it are read",
  async (name) => {
    const storage = openIndexedDb();
    const keys = ["a", "lost", "c"].map((part) => ["bank", part]);
    await storage.put(
      keys.map(([concern = "", part = ""]) => [[concern, part], new TextEncoder().encode(part)] as const),
    );
    const arrayBuffer = Blob.prototype.arrayBuffer;
    vi.spyOn(Blob.prototype, "arrayBuffer").mockImplementation(async function (this: Blob) {
      const bytes = await arrayBuffer.call(this);
      if (new TextDecoder().decode(bytes).includes("lost")) throw new DOMException("gone", name);
      return bytes;
    });
    const texts = (await storage.getMany(keys)).map((bytes) => bytes && new TextDecoder().decode(bytes));
    expect(texts).toEqual(["a", undefined, "c"]);
    expect(await storage.get(["bank", "lost"])).toBeUndefined();
  },
);

describe("in a browser that stores no Blobs, such as Safari in a private window", () => {
  storageContract("IndexedDB of arrays", async () => {
    fresh();
    vi.restoreAllMocks();
    const put = IDBObjectStore.prototype.put;
    vi.spyOn(IDBObjectStore.prototype, "put").mockImplementation(function (this: IDBObjectStore, ...given) {
      if (given[0] instanceof Blob) throw new DOMException("BlobURLs are not yet supported.", "DataCloneError");
      return put.apply(this, given);
    });
    return openIndexedDb({ chunkBytes: 7 });
  });
});

test("falls back to memory without IndexedDB, and where opening it is refused", async () => {
  vi.stubGlobal("indexedDB", undefined);
  expect((await openStorage()).durability).toBe("memory");
  vi.stubGlobal("indexedDB", {
    open: () => {
      throw new DOMException("private window", "SecurityError");
    },
  });
  expect((await openStorage()).durability).toBe("memory");
});

test("says persistent once the browser has agreed", async () => {
  const estimate = async () => ({ quota: 100, usage: 40 });
  vi.stubGlobal("navigator", { storage: { persisted: async () => true, estimate } });
  const storage = await openStorage();
  expect(storage.durability).toBe("persistent");
  expect(await storage.freeBytes()).toBe(60);
});

test("asks for persistence once: not again when it was granted, and not where nobody can be asked", async () => {
  let persisted = false;
  const persist = vi.fn(async () => {
    persisted = true;
  });
  vi.stubGlobal("navigator", { storage: { persisted: async () => persisted, persist } });
  await askForPersistence();
  await askForPersistence();
  expect(persist).toHaveBeenCalledOnce();
  vi.stubGlobal("navigator", {});
  await askForPersistence();
});

/** Web Locks of one browser. */
function browserLocks() {
  const turns = createTurns();
  const taken = new Error("taken");
  return {
    request<T>(name: string, options: LockOptions, work: (lock: object | null) => Promise<T>): Promise<T> {
      const enter = (signal: AbortSignal, onWait = ignore) => turns(name, () => work({ name }), signal, onWait);
      if (!options.ifAvailable) return enter(options.signal ?? never());
      const giveUp = new AbortController();
      return enter(giveUp.signal, () => giveUp.abort(taken)).catch((error) => {
        if (error !== taken) throw error;
        return work(null);
      });
    },
  };
}

describe("with Web Locks, two tabs", () => {
  turnsContract(async () => {
    vi.stubGlobal("navigator", { locks: browserLocks() });
    const [one, other] = [openIndexedDb(), openIndexedDb()];
    let calls = 0;
    return (...given) => (calls++ % 2 === 0 ? one : other).exclusive(...given);
  });
});
