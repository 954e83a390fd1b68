import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { spaceOf, stageLosses } from "../testing/landscapes.ts";
import { lossOf, schedulesByLoss } from "./additive.ts";
import { scheduleKey } from "./schedule.ts";
import { keepsBudget, type LevelSpace, spentOf } from "./space.ts";

function everySchedule(space: LevelSpace): number[][] {
  let all: number[][] = [[]];
  for (let stage = 0; stage < space.numStages; stage++)
    all = all.flatMap((levels) => Array.from({ length: space.maxLevel + 1 }, (_, level) => [...levels, level]));
  return all.filter((levels) => keepsBudget(levels, space));
}

const cases = fc
  .record({
    numStages: fc.integer({ min: 1, max: 5 }),
    maxLevel: fc.integer({ min: 1, max: 4 }),
    percent: fc.nat(100),
    steps: fc.option(fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 5, maxLength: 5 })),
    // few different values: ties; negative ones: noise
    losses: fc.array(fc.array(fc.integer({ min: -2, max: 6 }), { minLength: 5, maxLength: 5 }), {
      minLength: 5,
      maxLength: 5,
    }),
  })
  .map(({ numStages, maxLevel, percent, steps, losses }) => {
    const plain = spaceOf(numStages, maxLevel, 0);
    const space = steps ? { ...plain, stepsPerStage: steps.slice(0, numStages) } : plain;
    const budget = Math.round((percent / 100) * spentOf(new Array<number>(numStages).fill(maxLevel), space));
    const table = losses.slice(0, numStages).map((stage) => stage.slice(0, maxLevel + 1));
    return { space: { ...space, budget }, losses: table };
  });

test("gives every schedule of a space, each once, the least loss first", () => {
  fc.assert(
    fc.property(cases, ({ space, losses }) => {
      const given = [...schedulesByLoss(losses, space)];
      const all = everySchedule(space);
      expect(new Set(given.map(scheduleKey)).size).toBe(given.length);
      expect(given.map(scheduleKey).sort()).toEqual(all.map(scheduleKey).sort());
      const sums = given.map((levels) => lossOf(levels, losses));
      expect(sums).toEqual(all.map((levels) => lossOf(levels, losses)).sort((a, b) => a - b));
    }),
  );
});

describe("a large space", () => {
  const space = spaceOf(20, 28, 100);
  test("is not opened further than asked for", () => {
    const losses = stageLosses(space, 1);
    const best = schedulesByLoss(losses, space);
    const first = Array.from({ length: 1000 }, () => best.next().value as number[]);
    const sums = first.map((levels) => lossOf(levels, losses));
    for (const [i, sum] of sums.entries()) expect(sum).toBeGreaterThanOrEqual((sums[i - 1] ?? 0) - 1e-12);
    expect(new Set(first.map(scheduleKey)).size).toBe(1000);
  });
  test("of equal losses is walked, not flooded", () => {
    const flat = Array.from({ length: 20 }, () => new Array<number>(29).fill(1));
    const best = schedulesByLoss(flat, space);
    expect(new Set(Array.from({ length: 500 }, () => scheduleKey(best.next().value as number[]))).size).toBe(500);
  });
});

test("losses of another shape are refused", () => {
  expect(() => schedulesByLoss([[0, 1]], spaceOf(2, 1, 1)).next()).toThrow("losses of [2] levels; 2 stages of 2");
});
