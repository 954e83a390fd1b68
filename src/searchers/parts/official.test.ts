import { describe, expect, test } from "vitest";
import { reversed, scheduleKey } from "../../core/schedule.ts";
import fixture from "../../testing/fixtures/evolution.json" with { type: "json" };
import { spaceOf } from "../../testing/landscapes.ts";
import { evolution } from "../evolution.ts";

/** make/evolution.py's, of levels in sampling order. */
function fitness(sampled: readonly number[]): number {
  const levels = reversed(sampled);
  const far = levels.reduce((sum, level, s) => sum + Math.abs(level - ((3 * s * s + 5) % 11)), 0);
  const [first, middle] = [levels[0] as number, levels[levels.length >> 1] as number];
  return Math.floor(-far / 3) + ((first * 7 + middle) % 5);
}

const compat = (options: object) => ({ variant: "official-compat", ...options });

describe("parity: whole searches of an independent program", () => {
  test.each(fixture.searches)("$space $options.start, seed $seed", ({ space, options, seed, generations }) => {
    const search = evolution.start(space, compat(options), seed);
    let before: readonly (readonly number[])[] = [];
    let evaluations = 0;
    for (const expected of generations) {
      const asked = search.ask();
      evaluations += asked.length;
      const generation = search.tell(asked.map(({ levels }) => fitness(levels)));
      const pool = [...before, ...expected.born.map((levels) => reversed(levels))];
      const ranked = pool.map((levels) => ({ levels, fitness: fitness(levels) })).sort((a, b) => b.fitness - a.fitness);
      expect(generation?.population.map(({ levels }) => levels)).toEqual(ranked.map(({ levels }) => levels));
      expect(generation?.population[0]?.fitness).toBe(expected.best);
      expect(evaluations).toBe(expected.evaluations);
      before = ranked.slice(0, options.survivors).map(({ levels }) => levels);
    }
    expect(search.done).toBe(true);
  });
});

describe("the reference populations of seed 42", () => {
  const at = (numStages: number, maxLevel: number, level: number, member: number) => {
    const search = evolution.start(spaceOf(numStages, maxLevel, level * numStages), compat({}), 42);
    return reversed(search.ask()[member]?.levels ?? []);
  };
  test.each([
    [10, 16, 8, 0, "8,8,8,8,8,8,8,8,8,8"],
    [10, 16, 8, 1, "14,13,11,10,8,7,5,4,2,6"],
    [10, 16, 8, 2, "6,2,4,5,7,8,10,11,13,14"],
    [10, 16, 8, 3, "4,5,8,11,13,13,11,8,5,2"],
    [10, 16, 8, 4, "9,11,9,6,9,6,9,6,9,6"],
    [10, 16, 8, 5, "16,12,7,2,6,0,2,7,12,16"],
    [10, 16, 8, 6, "3,16,10,7,1,1,11,15,7,9"],
    [10, 16, 8, 7, "16,16,16,10,2,2,3,7,5,3"],
    [20, 16, 3, 6, "1,9,4,3,9,0,0,6,3,4,0,11,5,0,0,0,1,2,1,1"],
    [10, 10, 3, 6, "1,8,3,2,6,0,0,5,2,3"],
  ])("S=%i H=%i level %i, member %i", (numStages, maxLevel, level, member, levels) => {
    expect(scheduleKey(at(numStages, maxLevel, level, member))).toBe(levels);
  });
});

test("refuses what the authors' code does not know", () => {
  const stepsPerStage = [2, 1, 1];
  expect(() => evolution.start({ ...spaceOf(3, 4, 8), stepsPerStage }, compat({}), 1)).toThrow(
    "official-compat knows no budget over steps",
  );
  expect(() => evolution.start(spaceOf(3, 4, 6), compat({ start: "sensitivity", screen: 2 }), 1)).toThrow(
    'knows no start "sensitivity", no screen; leave that out',
  );
});
