import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { BANK_FORMAT, type BankRecipe, bankId } from "../formats/bank-index.ts";
import { CALIBRATION, ignore, never, openTiny, type TinyEngine } from "../testing/tiny-engine.ts";

let tiny: TinyEngine;
beforeEach(async () => {
  tiny = await openTiny();
  await tiny.load();
});
afterEach(() => tiny.engine.close());

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
  expect(bankId(recipe)).toBe("ffbd9d6aaba93ef34dbe9155de154947");
  expect(bankId({ ...recipe, storage: "f16" })).toBe("1b04ccd32f1e42bee87371c4e45967ae");
});

describe("half precision", () => {
  const sample = async (bank: string, by = tiny) => {
    const schedule = { division: CALIBRATION.division, levels: [1, 2, 3], bank };
    const request = { schedule, steps: 6, guidance: 2, sampler: { id: "ddim" }, labels: [0], seed: 1 };
    return (await by.engine.sample(request, ignore, never())).latents.data;
  };

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
    const other = await openTiny({ storage: tiny.storage });
    await other.load();
    expect(await sample(id, other)).toEqual(half);
    await other.engine.close();
  });

  test("changes nothing for a pruner without triangles", async () => {
    const { id } = await tiny.calibrate({ pruner: { id: "wanda" } });
    expect(await tiny.calibrate({ pruner: { id: "wanda" }, storage: "f16" })).toMatchObject({ id, reused: true });
  });
});
