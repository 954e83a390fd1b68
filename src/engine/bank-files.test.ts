import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Tensor } from "../core/tensor.ts";
import { BANK_INDEX, bankId, type ExportedIndex } from "../formats/bank-index.ts";
import { readSafetensors } from "../formats/safetensors.ts";
import { openMemory } from "../storage/memory.ts";
import type { Storage } from "../storage/storage.ts";
import { TinyBundle } from "../testing/tiny-bundle.ts";
import { ignore, never, type TinyEngine } from "../testing/tiny-engine.ts";
import { tinyEngines } from "../testing/tiny-engines.ts";
import type { BankCard, CalibrateRequest, Progress } from "./api.ts";
import { decodeRecords, encodeRecords, type Parts } from "./bank-record.ts";

const { open, closeAll } = tinyEngines();
let tiny: TinyEngine;
beforeEach(async () => {
  tiny = await open();
});
afterEach(closeAll);

type Files = Map<string, Uint8Array>;

async function exported(bank: string, by = tiny): Promise<Files> {
  const files: Files = new Map();
  const keep = (event: { type: string; name?: string; bytes?: Uint8Array }) =>
    event.type === "file" && files.set(event.name as string, event.bytes as Uint8Array);
  await by.engine.exportBank({ bank }, keep, never());
  return files;
}

function imported(files: Files, by: TinyEngine, on: (event: Progress) => void = ignore): Promise<BankCard> {
  const given = [...files].map(([name, bytes]) => ({ name, data: new Blob([bytes as Uint8Array<ArrayBuffer>]) }));
  return by.engine.importBank({ files: given }, on, never());
}

async function contentsOf(storage: Storage) {
  const keys = await storage.list(["bank"]);
  return { keys, values: await storage.getMany(keys) };
}

const text = (bytes: Uint8Array | undefined) => new TextDecoder().decode(bytes);
const json = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

describe("a bank that goes out and comes in", () => {
  test.each<[string, Partial<CalibrateRequest>, number]>([
    ["obs", {}, 4],
    ["obs in half precision", { storage: "f16" }, 4],
    ["wanda", { pruner: { id: "wanda" } }, 4],
    ["layerdrop", { pruner: { id: "layerdrop" } }, 1],
  ])("of %s is the same to the bit, and is found instead of made", async (_, request, records) => {
    const { reused, elapsed, ...card } = await tiny.calibrate(request);
    const files = await exported(card.id);
    expect([...files.keys()]).toEqual([
      "stage-0.safetensors",
      "stage-1.safetensors",
      "stage-2.safetensors",
      BANK_INDEX,
    ]);
    const index = JSON.parse(text(files.get(BANK_INDEX))) as ExportedIndex;
    expect(index.id).toBe(card.id);
    expect(index.stages.map((stage) => Object.keys(stage.records).length)).toEqual([records, records, records]);

    const other = await open();
    const shuffled: Files = new Map([...files].reverse());
    expect(await imported(shuffled, other)).toEqual(card);
    expect(await contentsOf(other.storage)).toEqual(await contentsOf(tiny.storage));
    expect(await other.calibrate(request)).toEqual({ ...card, reused: true, elapsed: expect.any(Number) });
    expect(other.factored).toEqual([]);
    expect(await exported(card.id, other)).toEqual(files);
  });

  test("is plain safetensors: layer and part, as any reader names them", async () => {
    const { id } = await tiny.calibrate();
    const { tensors } = readSafetensors((await exported(id)).get("stage-1.safetensors") as Uint8Array);
    expect([...tensors.keys()].filter((name) => name.startsWith("blocks.1.mlp.fc2/"))).toEqual(
      ["order", "groupSize", "boundaries", "lower", "constant", "losses"].map((part) => `blocks.1.mlp.fc2/${part}`),
    );
    expect([...(tensors.get("blocks.1.mlp.fc2/boundaries")?.shape ?? [])]).toEqual([5]);
  });

  test("tells how far it is", async () => {
    const { id } = await tiny.calibrate();
    const labels: string[] = [];
    const on = (event: { type: string; label?: string }) => event.type === "progress" && labels.push(event.label ?? "");
    await tiny.engine.exportBank({ bank: id }, on, never());
    await imported(await exported(id), await open(), on);
    const names = [0, 1, 2].map((stage) => `stage-${stage}.safetensors`);
    expect(labels).toEqual([...names.map((name) => `Wrote ${name}`), ...names.map((name) => `Stored ${name}`)]);
  });

  test("does not go out in part", async () => {
    const { id } = await tiny.calibrate();
    await tiny.storage.remove(["bank", id, "record", 1, "blocks.0.attn.proj"]);
    const files: string[] = [];
    const partial = tiny.engine.exportBank(
      { bank: id },
      (event) => event.type === "file" && files.push(event.name),
      never(),
    );
    await expect(partial).rejects.toMatchObject({
      code: "missing-data",
      message: expect.stringContaining("stage 1 lacks 1 of 4 records (blocks.0.attn.proj)"),
    });
    expect(files).not.toContain(BANK_INDEX);
    await expect(exported("none")).rejects.toMatchObject({ code: "missing-data" });
  });
});

describe("what is not what was exported is refused", () => {
  let files: Files;
  let id: string;
  beforeEach(async () => {
    ({ id } = await tiny.calibrate());
    files = await exported(id);
  });
  const refused = async (message: RegExp, code = "corrupt-data") => {
    const other = await open();
    await expect(imported(files, other)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
    return other;
  };
  const bytesOf = (name: string) => files.get(name) as Uint8Array;
  const change = (edit: (index: ExportedIndex) => object) =>
    files.set(BANK_INDEX, json(edit(JSON.parse(text(files.get(BANK_INDEX))) as ExportedIndex)));
  /** The stage with other records, and an index that only knows its new size. */
  const rewrite = (edit: (records: Map<string, Parts>) => Map<string, Parts>) => {
    const bytes = encodeRecords(edit(decodeRecords(bytesOf("stage-1.safetensors"))));
    files.set("stage-1.safetensors", bytes);
    change((index) => ({
      ...index,
      stages: index.stages.map((stage, place) => (place === 1 ? { ...stage, bytes: bytes.byteLength } : stage)),
    }));
  };

  test("a bank of another model, naming both", async () => {
    const bundle = new TinyBundle({ seed: 2 });
    const other = await open({ bundle });
    const model = (await tiny.engine.status()).model?.id;
    const loaded = (await other.engine.status()).model?.id;
    await expect(imported(files, other)).rejects.toMatchObject({
      code: "invalid-input",
      message: expect.stringMatching(`is of model ${model}, the loaded one is ${loaded} \\(Tiny\\)`),
    });
    expect(await other.storage.list([])).toEqual([]);
  });

  test("a truncated file, before anything is stored", async () => {
    files.set("stage-1.safetensors", bytesOf("stage-1.safetensors").subarray(0, 1000));
    const other = await refused(/^stage-1\.safetensors: has 1000 bytes, bank\.json says \d+; copy or export/);
    expect(await other.storage.list([])).toEqual([]);
  });

  test("a missing file, before anything is stored", async () => {
    files.delete("stage-2.safetensors");
    const other = await refused(/^stage-2\.safetensors: is not among the 3 files/, "missing-data");
    expect(await other.storage.list([])).toEqual([]);
    files.delete(BANK_INDEX);
    await refused(/^bank\.json: is not among the 2 files/, "missing-data");
  });

  test("a flipped bit in any part of a stage; the stages before it stay, and calibrating makes the rest", async () => {
    const whole = bytesOf("stage-1.safetensors");
    const expected = await contentsOf(tiny.storage);
    for (const place of [3, 40, 900, whole.length >> 1, whole.length - 1]) {
      files.set(
        "stage-1.safetensors",
        whole.map((byte, i) => (i === place ? byte ^ 4 : byte)),
      );
      const other = await refused(/^stage-1\.safetensors: /);
      const [card] = await other.engine.banks();
      expect(card).toMatchObject({ id, whole: false });
      expect((await other.storage.list(["bank", id, "record"])).map((key) => key[3])).toEqual([0, 0, 0, 0]);
      if (place === 900) {
        await other.calibrate();
        expect(other.factored).toHaveLength(8);
        expect(await contentsOf(other.storage)).toEqual(expected);
      }
    }
  });

  test("other numbers in a good file, by record", async () => {
    rewrite((records) => {
      const parts = records.get("blocks.1.attn.proj") as Parts;
      const losses = parts.get("losses") as Tensor;
      const other: Tensor = { ...losses, data: losses.data.map((value) => 2 * value) };
      return records.set("blocks.1.attn.proj", new Map(parts).set("losses", other));
    });
    await refused(
      /^stage-1\.safetensors: blocks\.1\.attn\.proj has checksum [0-9a-f]{64}, bank\.json says [0-9a-f]{64}/,
    );
  });

  test("a record too few or too many", async () => {
    rewrite((records) => new Map([...records].slice(1)));
    await refused(/^stage-1\.safetensors: has records .*, expected blocks\.0\.attn\.proj/);
    rewrite((records) => new Map([...records, ["blocks.9.attn.proj", [...records.values()][0] as Parts]]));
    await refused(/^stage-1\.safetensors: has records .*blocks\.9/);
  });

  test.each<[string, (index: ExportedIndex) => object, RegExp]>([
    ["no JSON", () => [], /^bank\.json: the whole file/],
    [
      "another id",
      (index) => ({ ...index, id: "0" }),
      /^bank\.json: says it is bank 0, but its recipe makes bank [0-9a-f]{32}/,
    ],
    ["another recipe", (index) => ({ ...index, recipe: { ...index.recipe, seed: 9 } }), /but its recipe makes bank/],
    [
      "no checksum",
      (index) => ({ ...index, stages: [{ ...index.stages[0], records: { a: "1" } }] }),
      /not 64 hex digits/,
    ],
    ["a stage less", (index) => ({ ...index, stages: index.stages.slice(1) }), /has 2 stages, its recipe 3/],
    [
      "levels of another model",
      ({ recipe, ...index }) => renamed({ ...index, recipe: { ...recipe, maxLevel: 8 } }),
      /recipe\.maxLevel is 8, expected 4/,
    ],
    [
      "a gap between stages",
      ({ recipe, ...index }) => renamed({ ...index, recipe: { ...recipe, division: [{ high: 9, low: 0 }] } }),
      /stage 0 holds timesteps 9 … 0, but 999 comes next/,
    ],
    [
      "an option that there is not",
      ({ recipe, ...index }) =>
        renamed({ ...index, recipe: { ...recipe, pruner: { id: "obs", options: { magic: 1 } } } }),
      /there is no option "magic"/,
    ],
  ])("an index with %s", async (_, edit, message) => {
    change(edit);
    const other = await open();
    await expect(imported(files, other)).rejects.toThrow(message);
    expect(await other.storage.list([])).toEqual([]);
  });
});

/** With the id that its recipe makes. */
function renamed<T extends Pick<ExportedIndex, "recipe">>(index: T): T {
  return { ...index, id: bankId(index.recipe) };
}

test("an import that does not fit is refused before it begins", async () => {
  const { id } = await tiny.calibrate();
  const files = await exported(id);
  const small = await open({ storage: { ...openMemory(), freeBytes: async () => 100 } });
  await expect(imported(files, small)).rejects.toMatchObject({ code: "storage-full", details: { free: 100 } });
  expect(await small.storage.list([])).toEqual([]);
});
