import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { BANK_FORMAT, type BankRecipe, bankId } from "../formats/bank-index.ts";
import { openMemory } from "../storage/memory.ts";
import { CALIBRATION, ignore, never, openTiny, type TinyEngine } from "../testing/tiny-engine.ts";
import type { BankCard, Progress } from "./api.ts";

let tiny: TinyEngine;
let opened: TinyEngine[];
beforeEach(async () => {
  opened = [];
  tiny = await another(openMemory());
});
afterEach(() => Promise.all(opened.map(({ engine }) => engine.close())));

/** A second engine on the same storage, as in another tab. */
async function another(storage = tiny.storage): Promise<TinyEngine> {
  const engine = await openTiny({ storage });
  opened.push(engine);
  await engine.load();
  return engine;
}

test("an id is the hash of the recipe as text, and half precision is part of it", () => {
  const recipe: BankRecipe = {
    format: BANK_FORMAT,
    model: "m",
    pruner: { id: "obs", options: { damping: 0.01 } },
    division: [{ high: 999, low: 0 }],
    calibration: "model",
    items: 8,
    seed: 1,
    maxLevel: 4,
  };
  // By Python's hashlib: banks that are stored somewhere keep their names.
  expect(bankId(recipe)).toBe("40428aeb37e07e778aa900ac612afbf8");
  expect(bankId({ ...recipe, storage: "f16" })).toBe("f5433c18de78e84bd19d6f1bc355a439");
});

const sample = async (bank: string, by = tiny) => {
  const schedule = { division: CALIBRATION.division, levels: [1, 2, 3], bank };
  const request = { schedule, steps: 6, guidance: 2, sampler: { id: "ddim" }, labels: [0], seed: 1 };
  return (await by.engine.sample(request, ignore, never())).latents.data;
};

describe("half precision", () => {
  test("is another bank, smaller, and its card says what that costs, also when it is found again", async () => {
    const single = await tiny.calibrate();
    const half = await tiny.calibrate({ storage: "f16" });
    expect(half.id).not.toBe(single.id);
    expect(half.bytes).toBeLessThan(single.bytes);
    expect(single).toMatchObject({ storage: "f32", whole: true });
    expect(single.storageError).toBeUndefined();
    const { max, rms, wide } = half.storageError ?? { max: 0, rms: 0, wide: 1 };
    expect([max > 0, max <= 2 ** -11, rms > 0, rms <= 2 ** -11, wide]).toEqual([true, true, true, true, 0]);
    const again = await tiny.calibrate({ storage: "f16" });
    expect(again).toEqual({ ...half, reused: true, elapsed: again.elapsed });
    expect(await tiny.calibrate({ storage: "f32" })).toMatchObject({ id: single.id, reused: true });
  });

  test("samples nearly the same, and the same before and after it was read back", async () => {
    const single = await sample((await tiny.calibrate()).id);
    const { id } = await tiny.calibrate({ storage: "f16" });
    const half = await sample(id);
    const difference = Math.hypot(...half.map((value, i) => value - (single[i] as number))) / Math.hypot(...single);
    expect(difference).toBeGreaterThan(0);
    expect(difference).toBeLessThan(1e-2);
    expect(await sample(id, await another())).toEqual(half);
  });

  test("changes nothing for a pruner without triangles", async () => {
    const { id } = await tiny.calibrate({ pruner: { id: "wanda" } });
    expect(await tiny.calibrate({ pruner: { id: "wanda" }, storage: "f16" })).toMatchObject({ id, reused: true });
  });
});

describe("banks in storage", () => {
  test("are listed, whole and in part, and removed one by one", async () => {
    expect(await tiny.engine.banks()).toEqual([]);
    const obs = await tiny.calibrate();
    const drop = await tiny.calibrate({ pruner: { id: "layerdrop" } });
    const controller = new AbortController();
    const request = { ...CALIBRATION, seed: 5 };
    const stop = ({ label }: Progress) => label === "Factoring stage 1 of 3" && controller.abort();
    await expect(tiny.engine.calibrate(request, stop, controller.signal)).rejects.toMatchObject({ name: "AbortError" });

    const cards = await tiny.engine.banks();
    expect(cards).toHaveLength(3);
    const { reused, elapsed, ...card } = obs;
    expect(cards).toContainEqual(card);
    const partial = cards.find(({ whole }) => !whole) as BankCard;
    expect(partial).toMatchObject({ pruner: { id: "obs" }, division: CALIBRATION.division, whole: false });
    expect(partial.stored).toBeGreaterThan(0);
    expect(partial.stored).toBeLessThan(1);
    expect(card).toMatchObject({ stored: 1, items: CALIBRATION.items });
    expect(partial.bytes).toBeGreaterThan(0);
    expect(partial.bytes).toBeLessThan(obs.bytes);

    await tiny.engine.removeBank(obs.id);
    expect((await tiny.engine.banks()).map(({ id }) => id).sort()).toEqual([drop.id, partial.id].sort());
    await tiny.engine.removeBank("none");
    expect(await tiny.engine.banks()).toHaveLength(2);
    await expect(sample(obs.id)).rejects.toMatchObject({ code: "missing-data" });
  });

  test("are not removed while they are made, here or in another tab", async () => {
    const other = await another();
    const made = tiny.calibrate();
    const request = { ...CALIBRATION };
    await expect(tiny.engine.removeBank("x")).rejects.toMatchObject({ code: "busy" });
    const id = (await made).id;
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const making = tiny.storage.exclusive(`bank ${id}`, () => held, never(), ignore);
    await expect(other.engine.removeBank(id)).rejects.toMatchObject({
      code: "busy",
      message: expect.stringContaining(id),
    });
    release();
    await making;
    await other.engine.removeBank(id);
    expect(await tiny.engine.calibrate(request, ignore, never())).toMatchObject({ id, reused: false });
  });
});
