import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { StudioError } from "./errors.ts";
import { checkMember, checkSpace, keepsBudget, type LevelSpace, spaceOf, spentOf, toleranceOf } from "./space.ts";

const plain: LevelSpace = { numStages: 3, maxLevel: 16, budget: 24 };
const weighted: LevelSpace = { ...plain, budget: 160, stepsPerStage: [7, 6, 7] };
const code = (code: StudioError["code"]) => expect.objectContaining<Partial<StudioError>>({ code });

describe("the budget", () => {
  test("counts levels, exactly", () => {
    expect(spentOf([8, 8, 8], plain)).toBe(24);
    expect(toleranceOf(plain)).toBe(0);
    expect(keepsBudget([9, 7, 8], plain)).toBe(true);
    expect(keepsBudget([9, 8, 8], plain)).toBe(false);
  });
  test("counts levels over steps, to half a level of the stage with most", () => {
    expect(spentOf([8, 8, 8], weighted)).toBe(160);
    expect(toleranceOf(weighted)).toBe(3.5);
    expect(keepsBudget([9, 7, 8], weighted)).toBe(true); // 161
    expect(keepsBudget([8, 9, 8], weighted)).toBe(false); // 166
    expect(keepsBudget([9, 7, 7], weighted)).toBe(false); // 154
  });
});

test("a target becomes the nearest whole mean level, which every stage can have", () => {
  const steps = fc.option(fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 4, maxLength: 4 }), { nil: undefined });
  fc.assert(
    fc.property(
      fc.integer({ min: 2, max: 28 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      steps,
      (most, at, steps) => {
        const target = (1 + at * (most - 2)) / most;
        const space = spaceOf(target, 4, most, steps);
        const level = space.budget / spentOf([1, 1, 1, 1], space);
        expect(Number.isInteger(level)).toBe(true);
        expect(Math.abs(level - target * most)).toBeLessThanOrEqual(0.5);
        expect(keepsBudget([level, level, level, level], space)).toBe(true);
      },
    ),
  );
});

describe("refuses", () => {
  test("budgets that the stages cannot hold", () => {
    for (const budget of [-1, 49, 1.5])
      expect(() => checkSpace("search", { ...plain, budget })).toThrow(code("budget-unreachable"));
    expect(() => checkSpace("search", { ...weighted, budget: 320 })).not.toThrow();
    expect(() => checkSpace("search", { ...weighted, budget: 321 })).toThrow("hold 0 … 320 over their steps");
  });
  test("steps that are none", () => {
    for (const stepsPerStage of [
      [7, 6],
      [7, 0, 7],
      [7, 6.5, 7],
    ])
      expect(() => checkSpace("search", { ...weighted, stepsPerStage })).toThrow(code("invalid-input"));
  });
  test("schedules of another budget or shape", () => {
    expect(() => checkMember("start", [1, 1, 1], plain)).toThrow("start: [1, 1, 1] sums to 3; the budget is 24");
    expect(() => checkMember("start", [1, 1, 1], weighted)).toThrow("sums to 20 over steps; the budget is 160");
    expect(() => checkMember("start", [24], plain)).toThrow("1 levels for 3 stages");
    expect(() => checkMember("start", [17, 7, 0], plain)).toThrow("level 17 of stage 0");
  });
});
