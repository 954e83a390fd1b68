import fc from "fast-check";
import { expect, test } from "vitest";
import { boundariesOf, maxLevelOf } from "./levels.ts";

test("levels rise from nothing to everything in whole structures of equal share", () => {
  const positive = fc.integer({ min: 1, max: 72 });
  fc.assert(
    fc.property(positive, fc.integer({ min: 1, max: 5000 }), positive, (groupSize, structures, maxLevel) => {
      const boundaries = boundariesOf(structures * groupSize, groupSize, maxLevel);
      expect(boundaries).toHaveLength(maxLevel + 1);
      expect([boundaries[0], boundaries[maxLevel]]).toEqual([0, structures * groupSize]);
      for (const [level, columns] of boundaries.entries()) {
        expect(columns % groupSize).toBe(0);
        // |removed / structures - level / maxLevel| <= 1/2 structure, in integers
        expect(2 * Math.abs((columns / groupSize) * maxLevel - level * structures)).toBeLessThanOrEqual(maxLevel);
      }
    }),
  );
});

test("DiT-XL/2: a level is one head of 72 columns and 288 channels", () => {
  expect([...boundariesOf(1152, 72, 16)]).toEqual(Array.from({ length: 17 }, (_, level) => 72 * level));
  expect([...boundariesOf(4608, 1, 16)]).toEqual(Array.from({ length: 17 }, (_, level) => 288 * level));
  expect(maxLevelOf({ heads: 16, depth: 28 }, "width")).toBe(16);
  expect(maxLevelOf({ heads: 16, depth: 28 }, "depth")).toBe(28);
});

test("SDXL: ten levels on twenty heads, and 47 of 70 blocks without a float error", () => {
  expect([...boundariesOf(20, 1, 10)]).toEqual([0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20]);
  expect(boundariesOf(70, 1, 70)[47]).toBe(47); // floor(70 * (47 / 70)) would be 46
});

test("refuses groups that do not fill the columns", () => {
  expect(() => boundariesOf(100, 72, 16)).toThrow("100 columns in groups of 72");
  expect(() => boundariesOf(100, 10, 0)).toThrow("at 0 levels");
});
