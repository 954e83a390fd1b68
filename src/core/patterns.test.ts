import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  apportion,
  gammaLevels,
  mosaicLevels,
  type PatternName,
  patternLevels,
  patternNames,
  projectBySteps,
  resampleLevels,
  uniformLevels,
} from "./patterns.ts";
import { stream } from "./rng.ts";
import { reversed, uniformDivision, weightedLevels } from "./schedule.ts";
import { keepsBudget, type LevelSpace } from "./space.ts";

const spaces = fc
  .record({
    numStages: fc.integer({ min: 1, max: 24 }),
    maxLevel: fc.integer({ min: 1, max: 70 }),
    percent: fc.nat(100),
  })
  .map(
    ({ numStages, maxLevel, percent }): LevelSpace => ({
      numStages,
      maxLevel,
      budget: Math.round((percent / 100) * numStages * maxLevel),
    }),
  );
/** The same budget, spread over the steps of unequal stages. */
const weightedSpaces = fc
  .tuple(spaces, fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 24, maxLength: 24 }))
  .map(([space, steps]): LevelSpace => {
    const stepsPerStage = steps.slice(0, space.numStages);
    const perLevel = stepsPerStage.reduce((sum, count) => sum + count, 0);
    return { ...space, stepsPerStage, budget: Math.round((space.budget / space.numStages) * perLevel) };
  });

function isLegal(levels: readonly number[], space: LevelSpace): boolean {
  const inside = levels.every((level) => Number.isInteger(level) && level >= 0 && level <= space.maxLevel);
  return levels.length === space.numStages && inside && keepsBudget(levels, space);
}

test("every starting schedule has the exact budget, within 0 … maxLevel", () => {
  fc.assert(
    fc.property(spaces, fc.integer(), (space, seed) => {
      for (const rounding of ["reference", "largest-remainder"] as const) {
        for (const name of patternNames) expect(isLegal(patternLevels(name, space, rounding), space)).toBe(true);
        expect(isLegal(gammaLevels(stream(seed), space, rounding), space)).toBe(true);
      }
      expect(isLegal(uniformLevels(space), space)).toBe(true);
    }),
  );
});

test("where steps count, every starting schedule is within half a level of the budget", () => {
  fc.assert(
    fc.property(weightedSpaces, fc.integer(), (space, seed) => {
      for (const name of patternNames)
        expect(isLegal(patternLevels(name, space, "largest-remainder"), space)).toBe(true);
      expect(isLegal(gammaLevels(stream(seed), space), space)).toBe(true);
      expect(isLegal(uniformLevels(space), space)).toBe(true);
    }),
  );
  const space = { numStages: 3, maxLevel: 16, budget: 160, stepsPerStage: [7, 6, 7] };
  expect(uniformLevels(space)).toEqual([8, 8, 8]);
  expect(apportion([2, 1, 1], space)).toEqual([12, 6, 6]); // quotas 320/27, 160/27, 160/27: 84 + 36 + 42 = 162
});

describe("parity: the authors' rounding", () => {
  // shape_to_levels of the authors' code (dit/evo_search.py), in its numbering: index 0 = lowest timesteps
  const vectors: [number, number, number, PatternName, number[]][] = [
    [10, 16, 8, "front", [14, 13, 11, 10, 8, 7, 5, 4, 2, 6]],
    [10, 16, 8, "back", [6, 2, 4, 5, 7, 8, 10, 11, 13, 14]],
    [10, 16, 8, "middle", [4, 5, 8, 11, 13, 13, 11, 8, 5, 2]],
    [10, 16, 8, "zigzag", [9, 11, 9, 6, 9, 6, 9, 6, 9, 6]],
    [10, 16, 8, "ends", [16, 12, 7, 2, 6, 0, 2, 7, 12, 16]],
    [20, 16, 3, "ramp_down", [5, 5, 5, 4, 4, 4, 4, 3, 3, 3, 2, 2, 2, 2, 1, 1, 1, 9, 0, 0]],
    [20, 16, 3, "middle", [12, 1, 1, 2, 2, 3, 3, 4, 4, 4, 4, 4, 4, 3, 3, 2, 2, 1, 1, 0]],
    [20, 16, 3, "ends", [6, 5, 5, 4, 3, 2, 1, 8, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 5, 6]],
    [10, 10, 3, "front", [5, 4, 4, 3, 3, 2, 2, 1, 1, 5]],
    [10, 10, 3, "middle", [6, 1, 3, 4, 4, 4, 4, 3, 1, 0]],
    [10, 10, 3, "zigzag", [3, 7, 3, 2, 3, 2, 3, 2, 3, 2]],
    [10, 10, 3, "ends", [6, 4, 2, 1, 4, 0, 1, 2, 4, 6]],
    [10, 70, 21, "front", [38, 34, 30, 26, 22, 19, 15, 11, 7, 8]],
    [10, 70, 21, "ends", [44, 33, 19, 7, 4, 0, 7, 19, 33, 44]],
  ];
  test.each(vectors)("S=%d H=%d level %d %s", (numStages, maxLevel, level, name, reference) => {
    const space = { numStages, maxLevel, budget: level * numStages };
    expect(patternLevels(name, space, "reference")).toEqual(reversed(reference));
  });
});

test("the authors' ends of two stages are equal before the remainder", () => {
  // weights max(G) - G + 1e-6 = [1e-6, 1e-6]: floor(0.5 / (1 + 5e-7) * 8 + 1e-6) = 3 each, the remainder on the first
  expect(patternLevels("ends", { numStages: 2, maxLevel: 8, budget: 8 }, "reference")).toEqual([3, 5]);
});

describe("largest remainders", () => {
  test("without caps no stage is further than one level from its share", () => {
    const weights = fc.array(fc.double({ min: 0.01, max: 1, noNaN: true }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(weights, fc.nat(200), (weights, budget) => {
        const levels = apportion(weights, { numStages: weights.length, maxLevel: budget + 1, budget });
        const total = weights.reduce((sum, weight) => sum + weight, 0);
        for (const [s, weight] of weights.entries())
          expect(Math.abs((levels[s] as number) - (weight / total) * budget)).toBeLessThan(1 + 1e-9);
      }),
    );
  });
  test("a heavier stage never gets less", () => {
    fc.assert(
      fc.property(spaces, fc.integer(), (space, seed) => {
        const random = stream(seed);
        const weights = Array.from({ length: space.numStages }, () => random.exponential());
        const levels = apportion(weights, space);
        const byWeight = levels.map((_, s) => s).sort((a, b) => (weights[a] as number) - (weights[b] as number));
        const sorted = byWeight.map((s) => levels[s] as number);
        expect(sorted).toEqual([...sorted].sort((a, b) => a - b));
      }),
    );
  });
  test("what a full stage cannot take goes to the others in proportion", () => {
    expect(apportion([8, 1, 1], { numStages: 3, maxLevel: 10, budget: 18 })).toEqual([10, 4, 4]);
    expect(apportion([1, 0, 0], { numStages: 3, maxLevel: 10, budget: 16 })).toEqual([10, 3, 3]);
  });
});

describe("names keep the reference's sides", () => {
  const space = { numStages: 4, maxLevel: 10, budget: 20 };
  test("front prunes the end of sampling, back its beginning", () => {
    expect(patternLevels("front", space, "largest-remainder")).toEqual([2, 4, 6, 8]);
    expect(patternLevels("back", space, "largest-remainder")).toEqual([8, 6, 4, 2]);
  });
  test("middle and ends are opposite", () => {
    const [middle, ends] = (["middle", "ends"] as const).map((name) => patternLevels(name, space, "largest-remainder"));
    expect(middle?.[1]).toBeGreaterThan(middle?.[0] as number);
    expect(ends?.[1]).toBeLessThan(ends?.[0] as number);
  });
});

describe("MosaicDiff", () => {
  test("20 steps, 12 levels", () => {
    expect(mosaicLevels(0.5, 12, [9, 9, 2])).toEqual([10, 2, 6]);
    expect(mosaicLevels(0.25, 12, [9, 9, 2])).toEqual([5, 1, 3]);
  });
  test("begin >= end >= middle, the budget within 1 % whenever some schedule is", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.1, max: 0.9, noNaN: true }),
        fc.integer({ min: 4, max: 16 }),
        (target, maxLevel) => {
          const steps = [9, 9, 2];
          const levels = mosaicLevels(target, maxLevel, steps);
          const [begin, middle, end] = levels as [number, number, number];
          expect(begin >= end && end >= middle).toBe(true);
          const total = target * maxLevel * 20;
          let least = Infinity;
          for (let b = 0; b <= maxLevel; b++)
            for (let e = 0; e <= b; e++)
              for (let m = 0; m <= e; m++) least = Math.min(least, Math.abs(9 * b + 9 * m + 2 * e - total));
          expect(Math.abs(weightedLevels(levels, steps) - total)).toBeLessThan(least + 1e-6);
        },
      ),
    );
  });
});

describe("projection by steps", () => {
  test("MosaicDiff on ten stages of two steps", () => {
    const from = [...new Array(9).fill(0), ...new Array(9).fill(1), 2, 2];
    const to = Array.from({ length: 20 }, (_, i) => Math.floor(i / 2));
    const space = { numStages: 10, maxLevel: 12, budget: 60 };
    expect(projectBySteps([10, 2, 6], from, to, space)).toEqual([10, 10, 10, 10, 6, 2, 2, 2, 2, 6]);
  });
  test("onto its own stages it changes nothing", () => {
    fc.assert(
      fc.property(spaces, fc.integer(), (space, seed) => {
        const levels = gammaLevels(stream(seed), space);
        const stages = levels.flatMap((_, stage) => new Array<number>(1 + (stage % 3)).fill(stage));
        expect(projectBySteps(levels, stages, stages, space)).toEqual(levels);
      }),
    );
  });
});

describe("resampling to other stages", () => {
  const space = (numStages: number, budget: number): LevelSpace => ({ numStages, maxLevel: 12, budget });
  const on = (numStages: number, levels: number[]) => ({ division: uniformDivision(numStages, 1000), levels });
  test("stages that are split keep their level, stages that are joined take the mean", () => {
    const five = on(5, [10, 2, 3, 6, 9]);
    const ten = resampleLevels(five, uniformDivision(10, 1000), space(10, 60));
    expect(ten).toEqual([10, 10, 2, 2, 3, 3, 6, 6, 9, 9]);
    expect(resampleLevels(on(10, ten), uniformDivision(5, 1000), space(5, 30))).toEqual([10, 2, 3, 6, 9]);
  });
  test("stages that do not align share by timesteps, and the new budget is kept", () => {
    // 334, 333, 333 timesteps; of the second half 167 lie in the middle stage
    const two = resampleLevels(on(3, [12, 6, 0]), uniformDivision(2, 1000), space(2, 12));
    expect(two).toEqual([10, 2]); // means 10.008 and 1.992
    expect(resampleLevels(on(3, [12, 6, 0]), uniformDivision(2, 1000), space(2, 6))).toEqual([5, 1]);
  });
  test("any schedule on any stages is legal", () => {
    fc.assert(
      fc.property(spaces, weightedSpaces, fc.integer(), (from, to, seed) => {
        const schedule = on(from.numStages, gammaLevels(stream(seed), from));
        expect(isLegal(resampleLevels(schedule, uniformDivision(to.numStages, 1000), to), to)).toBe(true);
      }),
    );
  });
  test("other timesteps and missing levels are refused", () => {
    const ten = uniformDivision(10, 1000);
    expect(() => resampleLevels(on(5, [1, 2]), ten, space(10, 60))).toThrow("2 levels for 5 stages");
    const short = { division: uniformDivision(5, 100), levels: [1, 1, 1, 1, 1] };
    expect(() => resampleLevels(short, ten, space(10, 60))).toThrow("timesteps 99 … 0; every timestep of 999 … 0");
  });
});
