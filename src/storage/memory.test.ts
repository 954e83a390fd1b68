import { expect, test } from "vitest";
import { storageContract } from "../testing/storage-contract.ts";
import { openMemory } from "./memory.ts";

storageContract("memory", async () => openMemory());

test("refuses what does not fit and keeps what was there", async () => {
  const storage = openMemory(10);
  await storage.put([[["runs", "a"], new Uint8Array(8)]]);
  const put = storage.put([[["runs", "b"], new Uint8Array(3)]]);
  await expect(put).rejects.toMatchObject({ code: "storage-full" });
  await storage.put([[["runs", "a"], new Uint8Array(10)]]);
  expect(await storage.list(["runs"])).toEqual([["runs", "a"]]);
  expect(await storage.freeBytes()).toBe(0);
});
