import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { OptionValues } from "../core/options.ts";
import { scheduleKey } from "../core/schedule.ts";
import { climb, rugged, spaceOf, towards } from "../testing/landscapes.ts";
import { evolution } from "./evolution.ts";
import type { Candidate, Generation } from "./searcher.ts";

const cases = fc
  .record({
    numStages: fc.integer({ min: 1, max: 8 }),
    maxLevel: fc.integer({ min: 1, max: 12 }),
    percent: fc.nat(100),
    seed: fc.nat(2 ** 32 - 1),
    options: fc.record({
      generations: fc.integer({ min: 1, max: 8 }),
      offspring: fc.integer({ min: 1, max: 10 }),
      survivors: fc.integer({ min: 1, max: 5 }),
      maxMove: fc.integer({ min: 1, max: 6 }),
      mutations: fc.integer({ min: 1, max: 3 }),
      start: fc.constantFrom("hybrid", "uniform", "random"),
      variant: fc.constantFrom("studio", "official-compat"),
    }),
  })
  .map(({ numStages, maxLevel, percent, seed, options }) => ({
    space: spaceOf(numStages, maxLevel, Math.round((percent / 100) * numStages * maxLevel)),
    seed,
    options: options as OptionValues,
  }));

describe("every candidate", () => {
  test("differs from its parent in the recorded move only", () => {
    fc.assert(
      fc.property(cases, ({ space, options, seed }) => {
        const search = evolution.start(space, { ...options, mutations: 1 }, seed);
        climb(search, rugged, 1);
        for (const { levels, origin } of search.ask()) {
          const parent = origin.parent as readonly number[];
          const changes = levels.map((level, s) => level - (parent[s] as number));
          const changed = changes.filter((change) => change !== 0);
          if (!origin.move) expect(changed).toEqual([]);
          else {
            const { from, to, levels: amount } = origin.move;
            expect([changes[from], changes[to], changed.length]).toEqual([-amount, amount, 2]);
            expect(amount).toBeLessThanOrEqual(options.maxMove as number);
          }
          if (options.variant === "studio") expect(origin.move).toBeDefined();
        }
      }),
    );
  });

  test("is new unless duplicates are kept, until the whole space is scored", () => {
    const space = spaceOf(3, 3, 4); // 12 schedules
    const all = new Set<string>();
    const search = evolution.start(space, { offspring: 2, survivors: 2, generations: 50 }, 1);
    while (!search.done) {
      const asked = search.ask();
      for (const { levels } of asked) {
        expect(all.has(scheduleKey(levels))).toBe(false);
        all.add(scheduleKey(levels));
      }
      search.tell(asked.map(({ levels }) => rugged(levels)));
    }
    expect(all.size).toBe(12);
  });
});

describe("selection", () => {
  test("sorts best first, keeps the best, and older schedules win ties", () => {
    fc.assert(
      fc.property(cases, ({ space, options: given, seed }) => {
        const options: OptionValues = { ...given, variant: "studio" };
        const search = evolution.start(space, options, seed);
        let before: readonly Candidate[] = [];
        let best = -Infinity;
        while (!search.done) {
          const pool = [...before, ...search.ask()];
          const champion = search.best;
          const { population, survivors } = climb(search, rugged, 1)[0] as Generation;
          const expected = pool
            .map(({ levels }, age) => ({ levels, age, fitness: rugged(levels) }))
            .sort((a, b) => b.fitness - a.fitness || a.age - b.age);
          expect(population.map(({ levels }) => levels)).toEqual(expected.map(({ levels }) => levels));
          expect(search.best?.fitness).toBeGreaterThanOrEqual(best);
          if (search.best?.fitness === best) expect(search.best).toBe(champion);
          best = search.best?.fitness as number;
          expect(survivors).toBe(Math.min(options.survivors as number, population.length));
          before = population.slice(0, survivors);
        }
      }),
    );
  });

  test("asks survivors + offspring once, then offspring only", () => {
    const options = { generations: 5, offspring: 6, survivors: 3 };
    const space = spaceOf(10, 12, 60);
    const search = evolution.start(space, options, 1);
    const asked: number[] = [];
    while (!search.done) {
      asked.push(search.ask().length);
      search.tell(search.ask().map(({ levels }) => rugged(levels)));
    }
    expect(asked).toEqual([9, 6, 6, 6, 6]);
    expect(evolution.evaluations(space, options)).toBe(33);
    expect(evolution.evaluations(space, {})).toBe(1604); // the paper's 100 generations of 20
  });
});

describe("the start", () => {
  const space = spaceOf(10, 16, 80);
  const kinds = (start: string, warm?: number[][]) =>
    evolution
      .start(space, { start }, 7, warm)
      .ask()
      .map(({ origin }) => origin.kind);

  test("hybrid: uniform, warm starts, the distinct patterns, random", () => {
    const warm = [14, 14, 14, 10, 4, 4, 4, 4, 4, 8];
    const expected = ["uniform", "warm", "front", "back", "middle", "zigzag", "ends"];
    expect(kinds("hybrid", [warm])).toEqual([...expected, ...new Array(13).fill("random")]);
    expect(evolution.start(space, {}, 7, [warm]).ask()[1]?.levels).toEqual(warm);
  });
  test("uniform and random", () => {
    expect(kinds("uniform")).toEqual(["uniform", ...new Array(19).fill("random")]);
    expect(new Set(kinds("random"))).toEqual(new Set(["random"]));
  });
  test("fills small spaces with all there is", () => {
    expect(evolution.start(spaceOf(3, 2, 3), {}, 1).ask()).toHaveLength(7);
    const one = evolution.start(spaceOf(1, 9, 4), {}, 1);
    expect(climb(one, rugged)).toHaveLength(1);
    expect(one.best?.levels).toEqual([4]);
  });
});

test("equal seeds give equal histories, others do not", () => {
  const space = spaceOf(10, 12, 60);
  const history = (seed: number) => JSON.stringify(climb(evolution.start(space, { generations: 10 }, seed), rugged));
  expect(history(1)).toBe(history(1));
  expect(history(1)).not.toBe(history(2));
});

test("finds the optimum of a separable landscape in at least 95 of 100 seeds", () => {
  const best = [6, 0, 4, 2, 3];
  let found = 0;
  for (let seed = 0; seed < 100; seed++) {
    const search = evolution.start(spaceOf(5, 6, 15), { generations: 20 }, seed);
    while (!search.done && search.best?.fitness !== 0) climb(search, towards(best), 1);
    if (search.best?.fitness === 0) found++;
  }
  expect(found).toBeGreaterThanOrEqual(95);
});

test("warm starts of another budget or shape are refused", () => {
  const space = spaceOf(2, 4, 4);
  expect(() => evolution.start(space, {}, 1, [[1, 1]])).toThrow("warm start: [1, 1] sums to 2; the budget is 4");
  expect(() => evolution.start(space, {}, 1, [[4]])).toThrow("1 levels for 2 stages");
});
