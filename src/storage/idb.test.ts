import "fake-indexeddb/auto";
import { IDBFactory, IDBObjectStore } from "fake-indexeddb";
import { afterEach, expect, test, vi } from "vitest";
import { storageContract } from "../testing/storage-contract.ts";
import { openIndexedDb, openStorage } from "./idb.ts";

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
  const storage = openIndexedDb({ patience: 50 });
  await storage.put([[["runs", "a"], value]]);
  const silent = vi.spyOn(IDBObjectStore.prototype, "getAll").mockImplementation(() => ({}) as never);
  await expect(storage.get(["runs", "a"])).rejects.toMatchObject({ code: "storage-full" });
  silent.mockRestore();
  expect(await storage.get(["runs", "a"])).toEqual(value);
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

test("a value whose file the browser lost is absent, not an error", async () => {
  const storage = openIndexedDb();
  await storage.put([[["bank", "a"], value]]);
  vi.spyOn(IDBObjectStore.prototype, "getAll").mockImplementation(() => {
    const request = { error: new DOMException("gone", "NotFoundError"), onerror: () => {} };
    queueMicrotask(() => request.onerror());
    return request as never;
  });
  expect(await storage.get(["bank", "a"])).toBeUndefined();
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
