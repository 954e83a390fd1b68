import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { StudioError } from "./errors.ts";
import {
  budgetOf,
  checkLevels,
  type Division,
  mergeStages,
  mosaicDivision,
  reversed,
  scheduleKey,
  sparsityOf,
  stagesWithin,
  uniformDivision,
  weightedLevels,
} from "./schedule.ts";

function covers(division: Division, timesteps: number): boolean {
  const edges = division.flatMap(({ high, low }) => [high + 1, low]);
  const gapless = division.every(({ high }, i) => high + 1 === (i === 0 ? timesteps : division[i - 1]?.low));
  return gapless && edges.at(-1) === 0 && division.every(({ high, low }) => high >= low);
}

describe("divisions", () => {
  test("uniform stages cover all timesteps once and differ by at most one", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1000 }), fc.integer({ min: 0, max: 1000 }), (stages, more) => {
        const division = uniformDivision(stages, stages + more);
        expect(division).toHaveLength(stages);
        expect(covers(division, stages + more)).toBe(true);
        const widths = division.map(({ high, low }) => high - low);
        expect(Math.max(...widths) - Math.min(...widths)).toBeLessThanOrEqual(2);
      }),
    );
  });
  test("the reference's three stages, in sampling order", () => {
    expect(uniformDivision(3, 1000)).toEqual([
      { high: 999, low: 667 },
      { high: 666, low: 333 },
      { high: 332, low: 0 },
    ]);
  });
  test("MosaicDiff's stages, also in proportion", () => {
    expect(mosaicDivision(1000).map(({ low }) => low)).toEqual([550, 100, 0]);
    expect(mosaicDivision(100).map(({ low }) => low)).toEqual([55, 10, 0]);
    fc.assert(fc.property(fc.integer({ min: 10, max: 2000 }), (T) => covers(mosaicDivision(T), T)));
  });
  test("refuses stages that would be empty", () => {
    expect(() => uniformDivision(11, 10)).toThrow("11 stages; choose 1 … 10");
    expect(() => uniformDivision(0, 10)).toThrow("0 stages");
    expect(() => mosaicDivision(9)).toThrow("not 9");
  });
});

describe("budget", () => {
  test("is the nearest whole mean level for every stage", () => {
    expect(budgetOf(0.5, 16, 10)).toBe(80);
    expect(budgetOf(0.3, 70, 10)).toBe(210);
    expect(budgetOf(0.25, 12, 20)).toBe(60);
  });
  test.each([
    [0.01, 12],
    [0.99, 12],
    [0, 12],
    [1, 12],
    [NaN, 12],
    [-0.5, 12],
    [0.5, 1],
  ])("a target of %d with %d levels is unreachable", (target, maxLevel) => {
    expect(() => budgetOf(target, maxLevel, 10)).toThrow(
      expect.objectContaining<Partial<StudioError>>({ code: "budget-unreachable" }),
    );
  });
});

describe("levels", () => {
  test("are weighted by visited steps", () => {
    expect(weightedLevels([10, 2, 6], [9, 9, 2])).toBe(120);
    expect(sparsityOf([10, 2, 6], [9, 9, 2], 12)).toBe(0.5);
  });
  test("merged stages cover the same timesteps, and every stage lies within one of them", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 45 }), (stages, count) => {
        const fine = uniformDivision(stages, 1000);
        const merged = mergeStages(fine, count);
        expect(covers(merged, 1000)).toBe(true);
        expect(merged).toHaveLength(Math.ceil(stages / count));
        expect(stagesWithin(fine, merged)).toEqual(fine.map((_, stage) => Math.floor(stage / count)));
      }),
    );
    expect(() => mergeStages(uniformDivision(4, 1000), 0)).toThrow("0 stages cannot be merged");
    expect(() => stagesWithin(mosaicDivision(1000), uniformDivision(2, 1000))).toThrow(
      "timesteps 549 … 100 lie in no stage of 999 … 500, 499 … 0",
    );
  });
  test("the key tells schedules apart", () => {
    const levels = fc.array(fc.nat(20), { maxLength: 8 });
    fc.assert(
      fc.property(levels, levels, (a, b) => {
        expect(scheduleKey(a) === scheduleKey(b)).toBe(a.length === b.length && a.every((level, i) => level === b[i]));
      }),
      {
        examples: [
          [
            [1, 11],
            [11, 1],
          ],
          [[1, 1], [11]],
        ],
      },
    );
  });
  test("reversed is its own inverse and copies", () => {
    const levels = [1, 2, 3];
    expect(reversed(levels)).toEqual([3, 2, 1]);
    expect(reversed(reversed(levels))).toEqual(levels);
    expect(levels).toEqual([1, 2, 3]);
  });
  test("checkLevels names what is wrong", () => {
    expect(() => checkLevels("file", [0, 12], 2, 12)).not.toThrow();
    expect(() => checkLevels("file", [0], 2, 12)).toThrow("file: 1 levels for 2 stages");
    for (const wrong of [13, -1, 0.5, NaN])
      expect(() => checkLevels("file", [0, wrong], 2, 12)).toThrow(`file: level ${wrong} of stage 1 is not an integer`);
  });
});
