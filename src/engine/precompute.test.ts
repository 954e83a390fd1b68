import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Factor } from "../core/factor.ts";
import { mosaicDivision, uniformDivision } from "../core/schedule.ts";
import { openMemory } from "../storage/memory.ts";
import type { Key, Storage } from "../storage/storage.ts";
import { TinyBundle } from "../testing/tiny-bundle.ts";
import { drawUniform, TINY_HEADS, tinyDitFile } from "../testing/tiny-dit.ts";
import { CALIBRATION, ignore, never, openTiny, type TinyEngine } from "../testing/tiny-engine.ts";
import type { BankCard, CalibrateRequest, Progress } from "./api.ts";
import { Bank } from "./bank.ts";

let tiny: TinyEngine;
let opened: TinyEngine[];
beforeEach(async () => {
  opened = [];
  tiny = await reopen({});
});
afterEach(async () => {
  for (const { engine, runtime } of opened) {
    await engine.close();
    expect(runtime.tensors).toEqual([]);
    expect(runtime.sessions).toEqual([]);
  }
});

async function reopen(options: Parameters<typeof openTiny>[0]): Promise<TinyEngine> {
  const another = await openTiny(options);
  opened.push(another);
  await another.load();
  return another;
}

const LAYERS = 4;
const STAGES = CALIBRATION.division.length;
const PROJ = "blocks.0.attn.proj";
const recordKey = ({ id }: BankCard, stage: number, layer = PROJ): Key => ["bank", id, "record", stage, layer];
const bytesOf = async (key: Key) => (await tiny.storage.get(key)) as Uint8Array;
const recordsOf = async ({ storage }: TinyEngine) =>
  (await storage.list(["bank"])).filter((key) => key[2] === "record");

describe("a bank", () => {
  test("is computed once: the second call finds it, and so does another engine on the same storage", async () => {
    const made = await tiny.calibrate();
    expect(made).toMatchObject({ reused: false, maxLevel: TINY_HEADS, pruner: { id: "obs" } });
    expect(tiny.factored).toHaveLength(LAYERS * STAGES);
    const runs = tiny.runtime.runs();
    const again = await tiny.calibrate();
    expect(again).toMatchObject({ id: made.id, reused: true, bytes: made.bytes });
    const other = await reopen({ storage: tiny.storage });
    expect(await other.calibrate()).toMatchObject({ id: made.id, reused: true });
    expect(other.factored).toEqual([]);
    expect(tiny.runtime.runs()).toBe(runs);
  });

  test.each(["wanda", "magnitude"])("of %s holds orders alone, and another engine reads them", async (id) => {
    const made = await tiny.calibrate({ pruner: { id } });
    expect(made.bytes).toBeLessThan((await tiny.calibrate()).bytes / 2);
    const other = await reopen({ storage: tiny.storage });
    expect(await other.calibrate({ pruner: { id } })).toMatchObject({ id: made.id, reused: true, bytes: made.bytes });
    const sample = async (level?: number) => {
      const levels = CALIBRATION.division.map(() => level ?? 0);
      const schedule = level === undefined ? undefined : { division: CALIBRATION.division, levels, bank: made.id };
      const request = { schedule, steps: 6, guidance: 2, sampler: { id: "ddim" }, labels: [0], seed: 1 };
      return (await other.engine.sample(request, ignore, never())).pixels;
    };
    expect(await sample(0)).toEqual(await sample());
    expect(await sample(2)).not.toEqual(await sample());
  });

  test("is the same to the bit when it is computed again", async () => {
    const made = await tiny.calibrate();
    const keys = await tiny.storage.list(["bank"]);
    const first = await tiny.storage.getMany(keys);
    expect(keys).toHaveLength(1 + LAYERS * STAGES);
    await tiny.storage.remove(["bank"]);
    await tiny.calibrate();
    expect(await tiny.storage.list(["bank"])).toEqual(keys);
    expect(await tiny.storage.getMany(keys)).toEqual(first);
    expect(await bytesOf(recordKey(made, 0))).not.toEqual(await bytesOf(recordKey(made, 1)));
  });

  test("keeps its id exactly when nothing that made it changes", async () => {
    const { bundle } = tiny;
    const noised = { x: drawUniform(1, "noised", [2, 4, 8, 8], 1), t: Int32Array.of(5, 6), y: Int32Array.of(0, 1) };
    const changes: Partial<CalibrateRequest>[] = [
      {},
      { seed: 2 },
      { items: 6 },
      { division: uniformDivision(2, 1000) },
      { division: mosaicDivision(1000) },
      { pruner: { id: "obs", options: { damping: 0.1 } } },
      { pruner: { id: "layerdrop" } },
      { given: [noised, noised, noised] },
    ];
    const ids: string[] = [];
    for (const change of changes) ids.push((await tiny.calibrate(change)).id);
    bundle.put("dit.safetensors", tinyDitFile({ seed: 2 }));
    await tiny.load();
    ids.push((await tiny.calibrate()).id);
    expect(new Set(ids).size).toBe(changes.length + 1);
    expect((await tiny.calibrate({ pruner: { id: "obs", options: {} } })).id).toBe(ids.at(-1));
  });

  test("of a bare state dict comes from the model's own samples", async () => {
    const source = { kind: "file", name: "bare", bytes: tinyDitFile(), heads: TINY_HEADS } as const;
    await tiny.engine.load({ source }, ignore, never());
    const made = await tiny.calibrate();
    expect(await tiny.calibrate()).toMatchObject({ id: made.id, reused: true });
    expect(tiny.factored).toHaveLength(LAYERS * STAGES);
  });
});

describe("a damaged record", () => {
  const damages: readonly [string, (bytes: Uint8Array) => Uint8Array][] = [
    ["flipped bit", (bytes) => bytes.map((byte, i) => (i === 500 ? byte ^ 4 : byte))],
    ["torn end", (bytes) => bytes.subarray(0, bytes.length - 10)],
    ["nothing left", () => new Uint8Array()],
  ];
  test.each(damages)("%s: that record alone is made again, with the same bits", async (_, damage) => {
    const made = await tiny.calibrate();
    const key = recordKey(made, 1);
    const bytes = await bytesOf(key);
    await tiny.storage.put([[key, damage(bytes)]]);
    const { calibrate, factored } = await reopen({ storage: tiny.storage });
    expect(await calibrate()).toMatchObject({ id: made.id, reused: false, bytes: made.bytes });
    expect(factored).toEqual([`${PROJ}, stage 1`]);
    expect(await bytesOf(key)).toEqual(bytes);
  });

  test("of another form is made again, even when its seal is whole", async () => {
    const made = await tiny.calibrate();
    const [key, other] = [recordKey(made, 1), recordKey(made, 1, "blocks.0.mlp.fc2")];
    const bytes = await bytesOf(key);
    await tiny.storage.put([[key, await bytesOf(other)]]);
    const { calibrate, factored } = await reopen({ storage: tiny.storage });
    await calibrate();
    expect(factored).toEqual([`${PROJ}, stage 1`]);
    expect(await bytesOf(key)).toEqual(bytes);
  });

  test("that says what the bank is, is made good without computing anything", async () => {
    const { id } = await tiny.calibrate();
    await tiny.storage.put([[["bank", id, "index"], Uint8Array.of(1, 2, 3)]]);
    const { calibrate, factored, storage } = await reopen({ storage: tiny.storage });
    expect(await Bank.open(storage, id)).toBeUndefined();
    expect(await calibrate()).toMatchObject({ id, reused: true });
    expect(factored).toEqual([]);
    expect(await Bank.open(storage, id)).toBeDefined();
  });

  test("is not sampled with", async () => {
    const { id } = await tiny.calibrate();
    await tiny.storage.put([[["bank", id, "record", 2, PROJ], Uint8Array.of(1, 2, 3)]]);
    const { engine } = await reopen({ storage: tiny.storage });
    const schedule = { division: CALIBRATION.division, levels: [1, 1, 1], bank: id };
    const request = { schedule, steps: 6, guidance: 2, sampler: { id: "ddim" }, labels: [0], seed: 1 };
    await expect(engine.sample(request, ignore, never())).rejects.toMatchObject({
      code: "missing-data",
      message: expect.stringContaining("stage 2"),
    });
  });
});

describe("an interruption", () => {
  test("keeps finished records; the next call makes the others", async () => {
    const controller = new AbortController();
    const progress: Progress[] = [];
    const on = (event: Progress) => {
      progress.push(event);
      if (event.label === "Calibrating stage 3 of 3") controller.abort();
    };
    await expect(tiny.engine.calibrate({ ...CALIBRATION, items: 40 }, on, controller.signal)).rejects.toMatchObject({
      name: "AbortError",
    });
    expect((await tiny.engine.status()).running).toBeUndefined();
    const kept = await recordsOf(tiny);
    expect(kept.length).toBeGreaterThanOrEqual(LAYERS);
    expect(kept.length).toBeLessThanOrEqual(LAYERS * (STAGES - 1));
    const before = tiny.factored.length;
    expect(await tiny.calibrate({ items: 40 })).toMatchObject({ whole: true });
    expect(tiny.factored.length - before).toBe(LAYERS * STAGES - kept.length);
  });

  test("by a failing factor says where, and what was finished stays", async () => {
    const failing = await reopen({
      onFactor: ({ name }) => {
        if (name === "blocks.1.attn.proj, stage 1") throw new Error(`no factor of ${name}`);
      },
    });
    await expect(failing.calibrate()).rejects.toThrow(/no factor of .*stage 1/);
    const kept = await recordsOf(failing);
    expect(kept.filter((key) => key[3] === 0)).toHaveLength(LAYERS);
    expect(kept.filter((key) => key[3] === 1).map((key) => key[4])).toEqual([PROJ, "blocks.0.mlp.fc2"]);
  });

  test("by a full storage is said so, and what found room stays", async () => {
    const { bytes } = await tiny.calibrate();
    // As browsers do, it promises more than it has.
    const storage = { ...openMemory(Math.ceil(bytes / 2)), freeBytes: async () => undefined };
    const full = await reopen({ storage });
    await expect(full.calibrate()).rejects.toMatchObject({ code: "storage-full" });
    const kept = await recordsOf(full);
    expect(kept).toHaveLength(full.factored.length - 1);
    const again = await reopen({ storage });
    await expect(again.calibrate()).rejects.toMatchObject({ code: "storage-full" });
    expect(again.factored).toHaveLength(1);
  });
});

describe("too little room", () => {
  const withRoom = (storage: Storage, free: number) => ({ ...storage, freeBytes: async () => free });

  test.each(["obs", "wanda", "layerdrop"])("for a bank of %s is known before any work", async (id) => {
    const small = await reopen({ storage: withRoom(openMemory(), 10) });
    const before = small.runtime.runs();
    const refused = small.calibrate({ pruner: { id } });
    await expect(refused).rejects.toMatchObject({
      code: "storage-full",
      message: expect.stringMatching(
        /^bank [0-9a-f]{32}: \d+\.\d MB are to be written, 0\.0 MB are free for it, \d+\.\d MB are missing; remove/,
      ),
      details: { free: 10, needed: expect.any(Number), missing: expect.any(Number) },
    });
    expect(small.runtime.runs()).toBe(before);
    expect(await small.storage.list([])).toEqual([]);
  });

  test("is foreseen within the names and seals of what is then written", async () => {
    const { bytes } = await tiny.calibrate();
    const overhead = 1024 * (1 + LAYERS * STAGES);
    for (const [free, fits] of [
      [bytes, true],
      [bytes - overhead, false],
    ] as const) {
      const other = await reopen({ storage: withRoom(openMemory(), free) });
      if (fits) expect(await other.calibrate()).toMatchObject({ bytes });
      else await expect(other.calibrate()).rejects.toMatchObject({ code: "storage-full" });
    }
  });

  test("is asked for what is missing only", async () => {
    const made = await tiny.calibrate();
    const [lost, kept] = [recordKey(made, 0), recordKey(made, 1)];
    const storage = withRoom(tiny.storage, (await bytesOf(kept)).byteLength);
    await tiny.storage.remove(lost);
    const other = await reopen({ storage });
    expect(await other.calibrate()).toMatchObject({ whole: true });
    expect(other.factored).toEqual([`${PROJ}, stage 0`]);
  });
});

describe("what is asked for is checked", () => {
  test.each([
    [{ pruner: { id: "magic" } }, "unknown-method", /"magic"/],
    [{ pruner: { id: "obs", options: { damping: -1 } } }, "invalid-option", /damping/],
    [{ items: 0 }, "invalid-input", /0 items/],
    [{ given: [] }, "invalid-input", /0 stages.*3/],
    [{ given: [], dataFree: true }, "invalid-input", /choose one/],
    [{ division: [{ high: 899, low: 0 }] }, "invalid-input", /899/],
  ] as const)("%j", async (change, code, message) => {
    await expect(tiny.calibrate(change as Partial<CalibrateRequest>)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
    expect(await tiny.storage.list(["bank"])).toEqual([]);
  });

  test("without a model", async () => {
    const empty = await openTiny({ bundle: new TinyBundle() });
    opened.push(empty);
    await expect(empty.calibrate()).rejects.toMatchObject({ code: "missing-data" });
  });
});

test.each([
  ["obs", {}, 2],
  ["obs", { calibrationBytes: 0 }, 2],
  ["wanda", {}, 2],
  ["magnitude", {}, 1],
  ["layerdrop", {}, 2],
])("progress of %s %j rises to the whole, through every stage", async (id, budget, phases) => {
  const progress: Progress[] = [];
  const { engine } = await reopen(budget);
  await engine.calibrate({ ...CALIBRATION, pruner: { id } }, (event) => progress.push(event), never());
  const done = progress.map((event) => event.done);
  expect(done).toEqual([...done].sort((a, b) => a - b));
  expect(done.at(-1)).toBeCloseTo(1, 12);
  expect(new Set(progress.map(({ label }) => label)).size).toBe(phases * STAGES);
});

test("losses of a stored factor rise with the level, and more at a whole head than at none", async () => {
  const { id } = await tiny.calibrate();
  const record = await (await Bank.open(tiny.storage, id))?.stage(0);
  if (record?.kind !== "width") throw new Error("not a width bank");
  const { losses, boundaries } = record.factors.get(PROJ) as Factor;
  expect([...boundaries]).toEqual([0, 8, 16, 24, 32]);
  for (let level = 1; level < losses.length; level++)
    expect(losses[level]).toBeGreaterThan(losses[level - 1] as number);
});
