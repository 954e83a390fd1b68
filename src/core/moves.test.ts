import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { moved, nearestNew, randomMoves } from "./moves.ts";
import { gammaLevels } from "./patterns.ts";
import { stream } from "./rng.ts";
import { scheduleKey } from "./schedule.ts";
import { keepsBudget, type LevelSpace, spentOf } from "./space.ts";

const cases = fc.record({
  numStages: fc.integer({ min: 1, max: 12 }),
  maxLevel: fc.integer({ min: 1, max: 16 }),
  percent: fc.nat(100),
  mutations: fc.integer({ min: 1, max: 5 }),
  maxMove: fc.integer({ min: 1, max: 8 }),
  seed: fc.integer(),
});

test("moves keep the budget and the bounds; one move changes two stages by opposite amounts", () => {
  fc.assert(
    fc.property(cases, ({ numStages, maxLevel, percent, mutations, maxMove, seed }) => {
      const space = { numStages, maxLevel, budget: Math.round((percent / 100) * numStages * maxLevel) };
      const random = stream(seed);
      let levels: number[] = gammaLevels(random, space);
      const moves = randomMoves(levels, space, { mutations, maxMove }, random);
      expect(moves.length).toBeLessThanOrEqual(mutations);
      for (const move of moves) {
        expect(move.levels).toBeGreaterThanOrEqual(1);
        expect(move.levels).toBeLessThanOrEqual(maxMove);
        const next = moved(levels, move);
        const changes = next.map((level, s) => level - (levels[s] as number)).filter((change) => change !== 0);
        expect(changes.sort((a, b) => a - b)).toEqual([-move.levels, move.levels]);
        expect(next.every((level) => level >= 0 && level <= maxLevel)).toBe(true);
        levels = next;
      }
    }),
  );
});

test("a million children keep budget and bounds, with levels and with steps counted", () => {
  const random = stream(11);
  let wrong = 0;
  let unchanged = 0;
  for (let i = 0; i < 200; i++) {
    const numStages = random.integer(2, 24);
    const maxLevel = random.integer(2, 70);
    const uniform: LevelSpace = { numStages, maxLevel, budget: 0 };
    const steps = Array.from({ length: numStages }, () => random.integer(1, 7));
    const counted = i % 2 === 0 ? uniform : { ...uniform, stepsPerStage: steps };
    const most = spentOf(new Array<number>(numStages).fill(maxLevel), counted);
    const space = { ...counted, budget: random.integer(1, most - 1) };
    const options = { mutations: random.integer(1, 3), maxMove: random.integer(1, 8) };
    let levels: readonly number[] = gammaLevels(random, space);
    for (let child = 0; child < 5000; child++) {
      const next = randomMoves(levels, space, options, random).reduce<readonly number[]>(moved, levels);
      if (next === levels) unchanged++;
      if (!keepsBudget(next, space)) wrong++;
      for (const level of next) if (!(Number.isInteger(level) && level >= 0 && level <= maxLevel)) wrong++;
      levels = next;
    }
  }
  expect(wrong).toBe(0);
  expect(unchanged).toBeLessThan(20_000); // 2 %: budgets at whose border little moves
});

describe("random moves are drawn as in the authors' code", () => {
  const space = { numStages: 10, maxLevel: 16, budget: 80 };
  const middle = new Array<number>(10).fill(8);
  test("with room on both sides every amount is equally likely", () => {
    const random = stream(1);
    const counts = new Array<number>(6).fill(0);
    for (let i = 0; i < 20_000; i++) {
      const [move] = randomMoves(middle, space, { mutations: 1, maxMove: 5 }, random);
      counts[move?.levels as number]! += 1;
    }
    for (const count of counts.slice(1)) expect(Math.abs(count / 20_000 - 0.2)).toBeLessThan(0.012);
  });
  test("an amount beyond the room is cut, not drawn again", () => {
    const random = stream(2);
    const counts = [0, 0, 0, 0];
    for (let i = 0; i < 5000; i++) {
      const [move] = randomMoves(
        [16, 13],
        { numStages: 2, maxLevel: 16, budget: 29 },
        { mutations: 1, maxMove: 5 },
        random,
      );
      expect(move).toMatchObject({ from: 0, to: 1 }); // the only pair with room, of 3
      counts[move?.levels as number]! += 1;
    }
    for (const [n, expected] of [0, 1000, 1000, 3000].entries())
      expect(Math.abs((counts[n] as number) - expected)).toBeLessThan(150);
  });
  test("three mutations: one 5/9, two 3/9, three 1/9", () => {
    const random = stream(3);
    const counts = [0, 0, 0, 0];
    for (let i = 0; i < 9000; i++)
      counts[randomMoves(middle, space, { mutations: 3, maxMove: 1 }, random).length]! += 1;
    for (const [n, expected] of [0, 5000, 3000, 1000].entries())
      expect(Math.abs((counts[n] as number) - expected)).toBeLessThan(220);
  });
  test("nothing moves where nothing can", () => {
    const random = stream(4);
    const options = { mutations: 1, maxMove: 5 };
    expect(randomMoves([5], { numStages: 1, maxLevel: 9, budget: 5 }, options, random)).toEqual([]);
    expect(randomMoves([0, 0], { numStages: 2, maxLevel: 9, budget: 0 }, options, random)).toEqual([]);
  });
});

describe("nearest new schedule", () => {
  test("walks the whole space, then says that there is nothing left", () => {
    const space = { numStages: 4, maxLevel: 3, budget: 6 };
    const root = [3, 3, 0, 0];
    const taken = new Set([scheduleKey(root)]);
    for (;;) {
      const found = nearestNew([root], taken, space, 2, stream(taken.size));
      if (!found) break;
      expect(taken.has(scheduleKey(found.parent))).toBe(true);
      expect(moved(found.parent, found.move)).toEqual(found.levels);
      expect(found.levels.every((level) => level >= 0 && level <= 3)).toBe(true);
      taken.add(scheduleKey(found.levels));
    }
    let all = 0;
    for (let i = 0; i < 4 ** 4; i++)
      if ([0, 1, 2, 3].reduce((sum, s) => sum + (Math.floor(i / 4 ** s) % 4), 0) === 6) all++;
    expect(taken.size).toBe(all);
  });
});
