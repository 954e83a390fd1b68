import { beforeEach, describe, expect, test, vi } from "vitest";
import type { Engine } from "../engine/api.ts";
import { createScriptedEngine } from "../testing/scripted-engine.ts";
import type { BankFile } from "./banks-slice.ts";
import { memoryPlace } from "./place.ts";
import { selectBanks } from "./selectors.ts";
import { createStudioStore, type StudioStore } from "./store.ts";

const SMALL = "stages=4&searcher.generations=1&searcher.offspring=2&probes=2";
const BANK = "bank-obs-4";

async function opened(engine: Engine): Promise<StudioStore> {
  const store = createStudioStore(engine, memoryPlace(SMALL));
  await store.getState().start();
  return store;
}
const until = (condition: () => boolean) => vi.waitFor(() => expect(condition()).toBe(true));
const idsOf = (store: StudioStore) => store.getState().banks.cards.map(({ id }) => id);
/** Ends the work under way once it has shown progress. */
async function cancelHalfway(store: StudioStore, work: Promise<void>): Promise<void> {
  const forget = store.subscribe(({ banks }) => banks.work?.progress && store.getState().cancelBankWork());
  await work;
  forget();
}

let engine: Engine;
let store: StudioStore;
beforeEach(async () => {
  engine = createScriptedEngine({ pace: 2 });
  store = await opened(engine);
});

/** What an export gives, as an import takes it. */
async function exported(): Promise<{ readonly name: string; readonly data: Blob }[]> {
  const files: BankFile[] = [];
  await store.getState().exportBank(BANK, (file) => files.push(file));
  return files.map(({ name, bytes }) => ({ name, data: new Blob([bytes as BlobPart]) }));
}

describe("the list", () => {
  test("is read again as soon as calibration is over, and by another page", async () => {
    expect(selectBanks(store.getState())).toEqual({ rows: [], bytes: 0 });
    const search = store.getState().search();
    await until(() => idsOf(store).length > 0);
    expect(store.getState().run.result).toBeUndefined();
    await search;
    expect(idsOf(await opened(engine))).toEqual([BANK]);
  });

  test("has the loaded model's banks first, knows MosaicDiff's, and adds up their room", async () => {
    const made = async (division: readonly (readonly [number, number])[]) => {
      const request = { pruner: { id: "obs" }, items: 8, seed: 0 };
      const stages = division.map(([high, low]) => ({ high, low }));
      await engine.calibrate({ ...request, division: stages }, () => {}, new AbortController().signal);
    };
    await store.getState().search();
    store.getState().offerFile({ name: "other.safetensors", bytes: new Uint8Array(128) });
    await store.getState().loadFile({});
    await made([
      [999, 550],
      [549, 100],
      [99, 0],
    ]);
    await store.getState().refreshBanks();
    const { rows, bytes } = selectBanks(store.getState());
    expect(rows.map(({ card, own, mosaic }) => [card.id, own, mosaic])).toEqual([
      ["bank-obs-3", true, true],
      [BANK, false, false],
    ]);
    expect(bytes).toBe(rows.reduce((sum, { card }) => sum + card.bytes, 0));
    store.getState().setTheme("dark");
    expect(selectBanks(store.getState()).rows).toBe(rows);
    await made([
      [999, 667],
      [666, 333],
      [332, 0],
    ]);
    await store.getState().refreshBanks();
    expect(selectBanks(store.getState()).rows[0]).toMatchObject({ own: true, mosaic: false });
  });
});

describe("a bank", () => {
  beforeEach(() => store.getState().search());

  test("leaves as files, is removed, and comes back from them, however the browser named them", async () => {
    const before = store.getState().banks.cards;
    const files = await exported();
    expect(files.map(({ name }) => name)).toEqual(
      [0, 1, 2, 3].map((i) => `stage-${i}.safetensors`).concat("bank.json"),
    );
    expect(store.getState().banks).toMatchObject({ work: undefined, done: "The bank was exported as 5 files." });
    await store.getState().removeBank(BANK);
    expect(store.getState().banks).toMatchObject({ cards: [], done: "The bank was removed." });
    const again = files.map(({ name, data }) => ({ name: name.replace(".", " (2)."), data }));
    await store.getState().importBank(again);
    expect(store.getState().banks.cards).toEqual(before);
    expect(store.getState().session.notice).toBeUndefined();
  });

  test("is not removed while a search runs, which says so", async () => {
    const search = store.getState().search({ ...store.getState().settings, seed: 1 });
    await store.getState().removeBank(BANK);
    expect(store.getState().session.notice).toMatchObject({ code: "busy", title: "The bank was not removed" });
    expect(idsOf(store)).toEqual([BANK]);
    store.getState().stop();
    await search;
  });

  test("whose export is cancelled stays, and nothing is said to have failed", async () => {
    const files: BankFile[] = [];
    await cancelHalfway(
      store,
      store.getState().exportBank(BANK, (file) => files.push(file)),
    );
    expect(files.map(({ name }) => name)).not.toContain("bank.json");
    expect(store.getState().banks).toMatchObject({ work: undefined, done: undefined });
    expect(store.getState().session.notice).toBeUndefined();
  });

  test("whose import is cancelled is there in part", async () => {
    const files = await exported();
    await store.getState().removeBank(BANK);
    await cancelHalfway(store, store.getState().importBank(files));
    const [card] = store.getState().banks.cards;
    expect(card).toMatchObject({ id: BANK, whole: false });
    expect(card?.stored).toBeLessThan(1);
  });

  test("with a file that lacks or is damaged is refused, by the file's name", async () => {
    const files = await exported();
    await store.getState().importBank(files.slice(1));
    expect(store.getState().session.notice?.message).toContain("stage-0.safetensors: is not among the 4 files");
    const damaged = files.map((file, i) => (i === 2 ? { ...file, data: new Blob(["?"]) } : file));
    await store.getState().importBank(damaged);
    expect(store.getState().session.notice).toMatchObject({ code: "corrupt-data", title: "The bank was not imported" });
    expect(store.getState().banks.work).toBeUndefined();
    await store.getState().importBank(files);
    expect(store.getState().session.notice).toBeUndefined();
  });

  test("waits for the one that is under way", async () => {
    const first = exported();
    const second = vi.fn();
    await store.getState().exportBank(BANK, second);
    expect(second).not.toHaveBeenCalled();
    expect(await first).toHaveLength(5);
  });
});
