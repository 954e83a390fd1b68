import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Factor, identityFactor, lowerSize, materialise } from "../core/factor.ts";
import { normals } from "../core/rng.ts";
import { decodeRecords, encodeRecords, partsOf, recordOf, storageErrorOf } from "./bank-record.ts";

const boundaries = Int32Array.of(0, 4, 6, 6, 10, 12);
const factorWith = (lower: Float32Array): Factor => ({
  ...identityFactor(Int32Array.of(4, 0, 5, 2, 1, 3), 2, boundaries),
  lower,
  losses: Float64Array.of(0, 1, 2, 2, 5, 8.5),
});
const lower = normals(1, ["lower"], lowerSize(boundaries));

/** Through bytes and back. */
function stored(factor: Factor, half: boolean) {
  const parts = decodeRecords(encodeRecords([["layer", partsOf(factor, half)]])).get("layer");
  if (!parts) throw new Error("the record is not there");
  return { factor: recordOf("layer", parts) as Factor, error: storageErrorOf(parts) };
}

describe("float32", () => {
  test("comes back to the bit, and costs nothing", () => {
    const plain = identityFactor(Int32Array.of(1, 0), 1, Int32Array.of(0, 1, 2));
    for (const factor of [factorWith(lower), { ...factorWith(lower), constant: lower.slice(0, 12) }, plain])
      expect(stored(factor, false).factor).toEqual(factor);
    const order = Int32Array.of(2, 0, 1);
    const parts = decodeRecords(encodeRecords([["blocks", partsOf(order, false)]])).get("blocks");
    expect(parts && recordOf("blocks", parts)).toEqual(order);
  });

  test("several records in one file keep apart", () => {
    const other = factorWith(lower.map((value) => -value));
    const file = encodeRecords([
      ["blocks.0.attn.proj", partsOf(factorWith(lower), false)],
      ["blocks.0.mlp.fc2", partsOf(other, true)],
    ]);
    const records = decodeRecords(file);
    expect([...records.keys()]).toEqual(["blocks.0.attn.proj", "blocks.0.mlp.fc2"]);
    expect(encodeRecords(records)).toEqual(file);
  });
});

describe("half precision", () => {
  /** NumPy: float32 -> float16 -> float32, errors in float64. */
  test("says what it cost, as NumPy counts it", () => {
    const values = Float32Array.of(0.1, -0.2, 1 / 3, Math.PI, -1e-6, 0, -7.77e-3);
    const order = Int32Array.from(Array(8).keys());
    const factor = { ...identityFactor(order, 1, Int32Array.of(0, 1, 8)), lower: values };
    const error = storageErrorOf(partsOf(factor, true));
    expect(error.max).toBeCloseTo(0.00030804152299553875, 9);
    expect(error.rms).toBeCloseTo(0.00030711968313788536, 9);
    expect(error.wide).toBe(0);
  });

  test("is never off by more than half a unit of its 11 digits, and is the same when stored again", () => {
    const value = fc.float({ noNaN: true, noDefaultInfinity: true, min: -60000, max: 60000 });
    const values = fc.array(value, { minLength: lower.length, maxLength: lower.length });
    fc.assert(
      fc.property(values, (list) => {
        const once = stored(factorWith(Float32Array.from(list)), true);
        const largest = Math.max(...list.map(Math.abs));
        // Below 2^-14 halves are subnormal: their digits end at 2^-24.
        expect(once.error.max).toBeLessThanOrEqual(largest < 2 ** -14 ? 1 : 2 ** -11);
        expect(once.error.rms).toBeLessThanOrEqual(largest < 2 ** -14 ? 1 : 2 ** -11);
        const again = stored(once.factor, true);
        expect(again.factor).toEqual(once.factor);
        expect(again.error).toEqual({ max: 0, rms: 0, wide: 0 });
      }),
    );
  });

  test("takes half the room and leaves all but the triangle alone", () => {
    const many = Int32Array.from({ length: 9 }, (_, level) => 32 * level);
    const order = Int32Array.from(Array(256).keys());
    const factor = { ...identityFactor(order, 1, many), lower: normals(2, ["lower"], lowerSize(many)) };
    const [single, half] = [false, true].map(
      (choice) => encodeRecords([["layer", partsOf(factor, choice)]]).byteLength,
    );
    expect((single as number) - (half as number)).toBeGreaterThan(2 * factor.lower.length - 256);
    expect({ ...stored(factor, true).factor, lower: factor.lower }).toEqual(factor);
  });

  test("moves the weights of every level by less than a thousandth", () => {
    const rows = 8;
    const weight = normals(3, ["weight"], rows * 12);
    const gentle = factorWith(lower.map((value) => value / 4));
    const { factor } = stored(gentle, true);
    expect(factor.lower).not.toEqual(gentle.lower);
    for (let level = 1; level < boundaries.length - 1; level++) {
      const [exact, rounded] = [gentle, factor].map((by) => materialise(by, weight, rows, level).weight);
      const norm = (values: Iterable<number>) => Math.hypot(...values);
      const difference = (exact as Float32Array).map((value, i) => value - (rounded as Float32Array)[i]!);
      expect(norm(difference) / norm(exact as Float32Array), `level ${level}`).toBeLessThan(1e-3);
    }
  });

  test.each([65520, -1e6])("a triangle with %d is beyond it and stays in float32, and this is said", (value) => {
    const factor = factorWith(lower.map((other, i) => (i === 7 ? value : other)));
    const { factor: back, error } = stored(factor, true);
    expect(back).toEqual(factor);
    expect(error).toEqual({ max: 0, rms: 0, wide: 1 });
  });

  test("has nothing to round in a factor without a triangle", () => {
    const plain = identityFactor(Int32Array.of(1, 0), 1, Int32Array.of(0, 1, 2));
    expect(stored(plain, true)).toEqual({ factor: plain, error: { max: 0, rms: 0, wide: 0 } });
  });
});
