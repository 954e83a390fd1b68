// What a search asks of its two banks: how they are stored, and room for both before either is begun.

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { StudioError } from "../core/errors.ts";
import { mosaicDivision, uniformDivision } from "../core/schedule.ts";
import { openMemory } from "../storage/memory.ts";
import { ignore, never, openTiny, SEARCH, type TinyEngine } from "../testing/tiny-engine.ts";
import type { BankCard, SearchRequest } from "./api.ts";

const SMALL: SearchRequest = {
  ...SEARCH,
  searcher: { id: "evolution", options: { generations: 1, survivors: 1, offspring: 1 } },
};

let tiny: TinyEngine;
beforeEach(async () => {
  tiny = await openTiny();
  await tiny.load();
});
afterEach(() => tiny.engine.close());

const search = ({ engine }: TinyEngine, change: Partial<SearchRequest> = {}) =>
  engine.search({ ...SMALL, ...change }, ignore, never());

test("half precision holds for both banks, and its measured error is in the summary", async () => {
  const single = await search(tiny);
  const half = await search(tiny, { storage: "f16" });
  const cards = await tiny.engine.banks();
  const ofResult = (bank: string) => cards.find(({ id }) => id === bank);
  expect(cards.map(({ storage }) => storage).sort()).toEqual(["f16", "f16", "f32", "f32"]);
  expect(half.space.storageError).toEqual(ofResult(half.space.bank)?.storageError);
  expect(half.space.storageError?.max).toBeGreaterThan(0);
  expect(half.space.storageError?.max).toBeLessThan(2 ** -10);
  expect(single.space).not.toHaveProperty("storageError", expect.anything());
  const estimates = [await tiny.engine.estimate(SMALL), await tiny.engine.estimate({ ...SMALL, storage: "f16" })];
  expect((estimates[1]?.bankBytes ?? 0) / (estimates[0]?.bankBytes ?? 0)).toBeLessThan(0.8);
  const sizes = [single, half].map(({ space }) => ofResult(space.bank)?.bytes ?? 0);
  expect((sizes[1] ?? 0) / (sizes[0] ?? 0)).toBeLessThan(0.9);
});

describe("room for both banks", () => {
  const CALIBRATION = { pruner: SMALL.pruner, items: SMALL.calibrationItems, seed: SMALL.seed };
  let own: BankCard;
  let mosaic: BankCard;
  beforeEach(async () => {
    own = await tiny.calibrate({ ...CALIBRATION, division: uniformDivision(SMALL.stages, 1000) });
    mosaic = await tiny.calibrate({ ...CALIBRATION, division: mosaicDivision(1000) });
  });

  /** A search on a storage that has these banks and room for so many bytes more. */
  async function searchWith(free: number, kept: readonly BankCard[] = []) {
    const storage = openMemory();
    for (const { id } of kept)
      for (const key of await tiny.storage.list(["bank", id]))
        await storage.put([[key, (await tiny.storage.get(key)) as Uint8Array]]);
    const capacity = free + (await storage.size(["bank"]));
    const freeBytes = async () => capacity - (await storage.size(["bank"]));
    const other = await openTiny({ storage: { ...storage, freeBytes } });
    await other.load();
    const result = await search(other).catch((error: StudioError) => error);
    const runs = other.runtime.runs();
    await other.engine.close();
    return { result, runs };
  }

  test("is checked before either is begun, and the message says how much is missing for which", async () => {
    const { result, runs } = await searchWith(own.bytes + 1000);
    expect(runs).toBe(0);
    const message = `^MosaicDiff's bank ${mosaic.id}: .* are to be written, .* are free for it, .* are missing; remove`;
    expect(result).toMatchObject({ code: "storage-full", message: expect.stringMatching(message) });
    const { needed, free, missing } = (result as StudioError).details as Record<"needed" | "free" | "missing", number>;
    expect(missing).toBe(needed - free);
    expect(needed).toBeLessThan(mosaic.bytes);
    const first = await searchWith(1000);
    expect(first.result).toHaveProperty("message", expect.stringMatching(`^bank ${own.id}: `));
  });

  test("counts nothing that is stored", async () => {
    expect((await searchWith(0, [own, mosaic])).result).toHaveProperty("space.bank", own.id);
    expect((await searchWith(mosaic.bytes, [own])).result).toHaveProperty("verdict");
    expect((await searchWith(own.bytes, [mosaic])).result).toHaveProperty("verdict");
    expect((await searchWith(mosaic.bytes / 2, [own])).result).toHaveProperty("code", "storage-full");
  });

  test("is what an estimate says is missing", async () => {
    const missing = async () => (await tiny.engine.estimate(SMALL)).missingBytes;
    expect(await missing()).toBe(0);
    await tiny.engine.removeBank(mosaic.id);
    const ofMosaic = await missing();
    expect(ofMosaic).toBeGreaterThan(0);
    await tiny.engine.removeBank(own.id);
    const { bankBytes, missingBytes } = await tiny.engine.estimate(SMALL);
    expect(missingBytes).toBe(bankBytes);
    await tiny.calibrate({ ...CALIBRATION, division: mosaicDivision(1000) });
    expect(await missing()).toBe(bankBytes - ofMosaic);
  });
});

test("a search whose storage is the usual one is the run it was before there was a choice", async () => {
  const { run } = await search(tiny);
  expect((await search(tiny, { storage: undefined })).run).toBe(run);
  expect((await search(tiny, { storage: "f16" })).run).not.toBe(run);
});
