import { describe, expect, test } from "vitest";
import { stream } from "../core/rng.ts";
import { additive, climb, type Landscape, rugged, spaceOf, stageLosses } from "../testing/landscapes.ts";
import { evolution } from "./evolution.ts";
import { refine } from "./refine.ts";

/** Whether neighbouring stages share their level, `size` at a time. */
const isTied = (levels: readonly number[], size: number) =>
  levels.every((level, stage) => level === levels[stage - (stage % size)]);

test("asks for groups of stages that share their level, and splits them when a phase ends", () => {
  const search = refine.start(spaceOf(20, 12, 120), { generations: 3, offspring: 4, survivors: 2 }, 1);
  const sizes: number[] = [];
  while (!search.done) {
    const asked = search.ask().map(({ levels }) => levels);
    sizes.push([4, 2, 1].find((size) => asked.every((levels) => isTied(levels, size))) as number);
    climb(search, rugged, 1);
  }
  expect(sizes).toEqual([4, 4, 4, 2, 2, 2, 1, 1, 1]);
  expect(refine.generations(spaceOf(20, 12, 120), { generations: 3 })).toBe(9);
});

test("halves as long as it can: 12 stages from 4 are 6 and 12, 15 stay 15", () => {
  const phases = (numStages: number, stagesFrom: number) =>
    refine.generations(spaceOf(numStages, 4, numStages), { generations: 1, stagesFrom });
  expect([phases(12, 4), phases(15, 4), phases(20, 5), phases(20, 21), phases(16, 1)]).toEqual([2, 1, 3, 1, 5]);
});

test("a phase that has no new schedule left gives way to the next one", () => {
  const search = refine.start(spaceOf(4, 2, 4), { generations: 4, stagesFrom: 2, offspring: 4, survivors: 1 }, 1);
  const seen = climb(search, rugged).flatMap(({ population }) => population.map(({ levels }) => levels.join()));
  expect(new Set(seen).size).toBe(19); // of two groups only 3: all of 4 stages up to level 2 with sum 4
});

test("groups that do not divide the budget are levelled to it", () => {
  const odd = spaceOf(10, 12, 61);
  for (const { levels } of refine.start(odd, {}, 1).ask()) {
    expect(levels.reduce((sum, level) => sum + level, 0)).toBe(61);
    const apart = levels.map((level, stage) => Math.abs(level - (levels[stage - (stage % 2)] as number)));
    expect(Math.max(...apart)).toBeLessThanOrEqual(1);
  }
});

describe("on 20 stages whose neighbours are alike", () => {
  const space = spaceOf(20, 12, 120);
  const alike = (seed: number): Landscape => {
    const coarse = stageLosses(spaceOf(5, 12, 30), seed);
    const random = stream(seed, "alike");
    return additive(
      Array.from({ length: 20 }, (_, stage) => {
        const [place, share] = [stage >> 2, 0.8 + 0.4 * random.uniform()];
        return (coarse[place] as number[]).map((loss) => share * loss);
      }),
    );
  };
  test.each([1, 2, 3, 4])("ends fitter than a direct evolution of as many evaluations, table %i", (seed) => {
    const landscape = alike(seed);
    const search = refine.start(space, { generations: 10 }, seed);
    const direct = evolution.start(space, { generations: 30 }, seed);
    expect(refine.evaluations(space, { generations: 10 })).toBe(evolution.evaluations(space, { generations: 30 }));
    climb(search, landscape);
    climb(direct, landscape);
    expect(search.best?.fitness).toBeGreaterThan(direct.best?.fitness as number);
  });
});
