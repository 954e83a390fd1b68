import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { gammaLevels } from "./patterns.ts";
import { rebalanced, withLevel } from "./rebalance.ts";
import { stream } from "./rng.ts";
import { keepsBudget, type LevelSpace, spentOf } from "./space.ts";

/** A schedule on its budget, a stage to set, and which stages are held. */
const cases = fc
  .record({
    steps: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 12 }),
    counted: fc.boolean(),
    maxLevel: fc.integer({ min: 1, max: 16 }),
    percent: fc.nat(100),
    seed: fc.integer(),
    stage: fc.nat(11),
    wanted: fc.integer({ min: -3, max: 20 }),
    held: fc.array(fc.nat(11)),
  })
  .map(({ steps, counted, maxLevel, percent, seed, stage, wanted, held }) => {
    const numStages = steps.length;
    const open = { numStages, maxLevel, ...(counted && { stepsPerStage: steps }) };
    const most = spentOf(new Array(numStages).fill(maxLevel), { ...open, budget: 0 });
    const space: LevelSpace = { ...open, budget: Math.round((percent / 100) * most) };
    return { space, levels: gammaLevels(stream(seed), space), stage: stage % numStages, wanted, held: new Set(held) };
  });
const changes = (before: readonly number[], after: readonly number[]) =>
  after.map((level, stage) => level - (before[stage] as number));

describe("setting a stage", () => {
  test("keeps budget, bounds and held stages", () => {
    fc.assert(
      fc.property(cases, ({ space, levels, stage, wanted, held }) => {
        const next = withLevel(levels, stage, wanted, held, space);
        expect(keepsBudget(next, space)).toBe(true);
        expect(next.every((level) => Number.isInteger(level) && level >= 0 && level <= space.maxLevel)).toBe(true);
        for (const other of held) expect(next[other]).toBe(levels[other]);
      }),
    );
  });

  test("reaches what is wanted wherever the others can pay for it", () => {
    const counting = cases.filter(({ space, stage, held }) => !space.stepsPerStage && !held.has(stage));
    fc.assert(
      fc.property(counting, ({ space, levels, stage, wanted, held }) => {
        const others = [...levels.keys()].filter((other) => other !== stage && !held.has(other));
        const give = others.reduce((sum, other) => sum + (levels[other] as number), 0);
        const take = others.reduce((sum, other) => sum + space.maxLevel - (levels[other] as number), 0);
        const now = levels[stage] as number;
        const inside = Math.min(space.maxLevel, Math.max(0, wanted));
        const reached = Math.min(now + give, Math.max(now - take, inside));
        expect(withLevel(levels, stage, wanted, held, space)[stage]).toBe(reached);
      }),
    );
  });

  test("others pay in proportion: no level is better placed elsewhere (Webster's condition)", () => {
    fc.assert(
      fc.property(cases, ({ space, levels, stage, wanted, held }) => {
        if (space.stepsPerStage) return;
        const next = withLevel(levels, stage, wanted, held, space);
        const rising = (next[stage] as number) > (levels[stage] as number);
        const paid = changes(levels, next).map(Math.abs);
        const capacity = levels.map((level) => (rising ? level : space.maxLevel - level));
        const payers = [...levels.keys()].filter((other) => other !== stage && !held.has(other) && capacity[other]);
        const share = (other: number, half: number) => ((paid[other] as number) + half) / (capacity[other] as number);
        const most = Math.max(...payers.map((other) => share(other, -0.5)));
        const least = Math.min(...payers.map((other) => share(other, 0.5)));
        if (payers.length > 0) expect(most).toBeLessThanOrEqual(least + 1e-12);
      }),
    );
  });

  test("going on never takes back what another stage has paid", () => {
    fc.assert(
      fc.property(cases, fc.integer({ min: 0, max: 20 }), ({ space, levels, stage, wanted, held }, further) => {
        if (space.stepsPerStage) return;
        const now = levels[stage] as number;
        const near = withLevel(levels, stage, wanted, held, space);
        const far = withLevel(levels, stage, wanted >= now ? wanted + further : wanted - further, held, space);
        const paid = changes(levels, near);
        for (const [other, change] of changes(levels, far).entries())
          if (other !== stage) expect(Math.abs(change)).toBeGreaterThanOrEqual(Math.abs(paid[other] as number));
      }),
    );
  });

  test("a stage gains from the nearest of equals, and stops where they have no more", () => {
    const space = { numStages: 5, maxLevel: 12, budget: 30 };
    const six = [6, 6, 6, 6, 6];
    expect(withLevel(six, 2, 8, new Set(), space)).toEqual([6, 5, 8, 5, 6]);
    expect(withLevel(six, 2, 12, new Set([0, 4]), space)).toEqual([6, 3, 12, 3, 6]);
    expect(withLevel([1, 1, 9, 9, 10], 2, 12, new Set([3, 4]), space)).toEqual([0, 0, 11, 9, 10]);
    expect(withLevel(six, 2, 8, new Set([2]), space)).toEqual(six);
  });
});

describe("bringing levels to a budget", () => {
  test("scales what is not held", () => {
    const space = { numStages: 4, maxLevel: 12, budget: 12 };
    expect(rebalanced([12, 6, 6, 0], new Set(), space)).toEqual([6, 3, 3, 0]);
    expect(rebalanced([12, 6, 6, 0], new Set([0]), space)).toEqual([12, 0, 0, 0]);
  });
  test("is impossible when held stages spend too much", () => {
    expect(rebalanced([12, 6, 6, 0], new Set([0]), { numStages: 4, maxLevel: 12, budget: 11 })).toBeUndefined();
  });
});
