// What a search asks of its two banks: how they are stored, and room for both before either is begun.

import { afterEach, beforeEach, expect, test } from "vitest";
import { ignore, never, openTiny, SEARCH, type TinyEngine } from "../testing/tiny-engine.ts";
import type { SearchRequest } from "./api.ts";

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

test("a search whose storage is the usual one is the run it was before there was a choice", async () => {
  const { run } = await search(tiny);
  expect((await search(tiny, { storage: undefined })).run).toBe(run);
  expect((await search(tiny, { storage: "f16" })).run).not.toBe(run);
});
