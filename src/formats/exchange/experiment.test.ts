import fc from "fast-check";
import { expect, test } from "vitest";
import { authorsFiles, textsOf } from "../../testing/authors-files.ts";
import { readExperiment } from "./experiment.ts";
import { withParents } from "./parents.ts";

const spoiled = (change: (files: ReturnType<typeof authorsFiles>) => void) => {
  const files = authorsFiles();
  change(files);
  return () => readExperiment("theirs", textsOf(files));
};

test("the authors' folder says all of a search, stages in sampling order", () => {
  expect(readExperiment("theirs", textsOf(authorsFiles()))).toEqual({
    method: "wanda",
    division: [
      { high: 999, low: 667 },
      { high: 666, low: 333 },
      { high: 332, low: 0 },
    ],
    maxLevel: 4,
    budget: 6,
    generations: [
      {
        population: [
          { levels: [3, 2, 1], fitness: 0.75 },
          { levels: [2, 2, 2], fitness: 0.5 },
        ],
        survivors: 1,
      },
    ],
    planned: 1,
    levels: [3, 2, 1],
    steps: 20,
    model: undefined,
    elapsed: 1.08e7,
    problems: [],
    missing: [],
  });
});

test("evolution.json alone is enough, and what it does not say is told", () => {
  const { "evolution.json": evolution } = authorsFiles();
  const read = readExperiment("theirs", textsOf({ "evolution.json": evolution }));
  expect(read).toMatchObject({ levels: [3, 2, 1], maxLevel: 4, steps: undefined, method: undefined, problems: [] });
  expect(read.missing).toEqual([
    expect.stringContaining("meta.json is missing"),
    expect.stringContaining("levels_per_stage.json is missing"),
  ]);
});

test("every mismatch is told beside what can be shown", () => {
  const { problems } = spoiled((files) => {
    files["levels_per_stage.json"] = { "0": 2, "1": 3, "2": 1 };
    files["meta.json"].stages[0] = [0, 400];
    files["timings.json"].num_stages = 4;
  })();
  expect(problems).toEqual([
    "meta.json: stage 0 is 0 … 400, expected 0 … 332",
    "ratios_per_stage.json: stage 2 has ratio 0.75, but level 1 of 4 is 0.25",
    "ratios_per_stage.json: stage 1 has ratio 0.5, but level 3 of 4 is 0.75",
    "ratios_per_stage.json: stage 0 has ratio 0.25, but level 2 of 4 is 0.5",
    "timings.json: num_stages is 4, expected 3",
    "levels_per_stage.json: its schedule is none of the 2 in evolution.json",
  ]);
});

test("what cannot be drawn is refused with the reason", () => {
  expect(spoiled((files) => files["evolution.json"].generations[0]?.selections[0]?.pool[0]?.levels.push(1))).toThrow(
    /generation 0, place 1: the number of stages is 4, expected 3/,
  );
  expect(() => readExperiment("half", new Map([["evolution.json", '{"meta": {']]))).toThrow(
    /evolution.json: is not JSON/,
  );
  expect(() => readExperiment("none", new Map([["timings.json", "{}"]]))).toThrow(/has no schedule/);
});

test("a child is drawn from the survivor that is fewest levels away, a survivor from itself", () => {
  const [first, second] = withParents([
    {
      survivors: 2,
      population: [
        { levels: [4, 0, 2], fitness: 3 },
        { levels: [2, 2, 2], fitness: 2 },
        { levels: [1, 3, 2], fitness: 1 },
      ],
    },
    {
      survivors: 1,
      population: [
        { levels: [1, 3, 2], fitness: 4 },
        { levels: [4, 0, 2], fitness: 3 },
        { levels: [3, 1, 2], fitness: 2 },
      ],
    },
  ]);
  expect(first?.population.map(({ parent }) => parent)).toEqual([undefined, undefined, undefined]);
  expect(second?.population.map(({ parent }) => parent)).toEqual([
    [2, 2, 2], // not the equal one that did not survive
    [4, 0, 2],
    [4, 0, 2], // of two as near, the fitter
  ]);
});

test("no survivor is nearer than the parent", () => {
  const schedule = fc.array(fc.nat(5), { minLength: 3, maxLength: 3 });
  const scored = fc.record({ levels: schedule, fitness: fc.integer() });
  const generation = fc.record({ population: fc.array(scored, { minLength: 1 }), survivors: fc.constant(2) });
  const apart = (a: readonly number[], b: readonly number[]) =>
    a.reduce((sum, level, stage) => sum + Math.abs(level - (b[stage] ?? 0)), 0);
  fc.assert(
    fc.property(generation, generation, (before, after) => {
      const survivors = before.population.slice(0, 2);
      for (const { levels, parent = [] } of withParents([before, after])[1]?.population ?? [])
        for (const other of survivors) expect(apart(levels, parent)).toBeLessThanOrEqual(apart(levels, other.levels));
    }),
  );
});
