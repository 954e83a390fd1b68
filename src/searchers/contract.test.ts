// What every searcher keeps, whatever it does inside.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { StudioError } from "../core/errors.ts";
import type { OptionValues } from "../core/options.ts";
import { scheduleKey } from "../core/schedule.ts";
import { keepsBudget, type LevelSpace, spentOf } from "../core/space.ts";
import {
  additive,
  climb,
  interacting,
  type Landscape,
  noisy,
  plateaus,
  rugged,
  spaceOf,
  stageLosses,
} from "../testing/landscapes.ts";
import { searchers } from "./index.ts";
import type { Candidate, Searcher } from "./searcher.ts";

/** Every searcher, in each of its ways to go. */
const ways: readonly (readonly [string, OptionValues])[] = [
  ["evolution", { generations: 6, offspring: 5, survivors: 2 }],
  ["evolution", { generations: 6, offspring: 5, survivors: 2, variant: "official-compat" }],
  ["evolution", { generations: 5, offspring: 4, survivors: 2, start: "sensitivity", levels: 2, screen: 4 }],
  ["greedy", { reading: "constructive" }],
  ["greedy", { reading: "local", evaluations: 60 }],
  ["random", { generations: 6, offspring: 5 }],
  ["refine", { generations: 3, offspring: 4, survivors: 2, stagesFrom: 2 }],
  ["sensitivity", { generations: 5, offspring: 4, levels: 2 }],
  ["bayesian", { generations: 5, offspring: 4, survivors: 2, levels: 2 }],
];
const named = ways.map(([id, options]) => [`${id} ${JSON.stringify(options)}`, searchers.get(id), options] as const);

test("every searcher is tried", () => {
  expect([...new Set(ways.map(([id]) => id))].sort()).toEqual([...searchers.ids].sort());
});

/** Of both budgets; the authors' code knows levels only. */
const casesOf = ({ variant }: OptionValues) =>
  fc
    .record({
      numStages: fc.integer({ min: 1, max: 6 }),
      maxLevel: fc.integer({ min: 1, max: 8 }),
      percent: fc.nat(100),
      steps: fc.option(fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 6, maxLength: 6 })),
      seed: fc.nat(2 ** 32 - 2), // the next one serves, too
    })
    .map(({ numStages, maxLevel, percent, steps, seed }) => {
      const plain = spaceOf(numStages, maxLevel, 0);
      const counts = steps && variant !== "official-compat";
      const space = counts ? { ...plain, stepsPerStage: steps.slice(0, numStages) } : plain;
      const most = spentOf(new Array<number>(numStages).fill(maxLevel), space);
      return { space: { ...space, budget: Math.round((percent / 100) * most) }, seed };
    });
const runs = { numRuns: 20 };

describe.each(named)("%s", (_, searcher: Searcher, options) => {
  test("asks for schedules of the space, each once; only partial ones are off the budget", () => {
    fc.assert(
      fc.property(casesOf(options), ({ space, seed }) => {
        const search = searcher.start(space, options, seed);
        const asked = new Set<string>();
        while (!search.done) {
          for (const { levels, partial } of search.ask()) {
            expect(asked.has(scheduleKey(levels))).toBe(false);
            asked.add(scheduleKey(levels));
            expect(levels).toHaveLength(space.numStages);
            expect(levels.every((l) => Number.isInteger(l) && l >= 0 && l <= space.maxLevel)).toBe(true);
            if (!partial) expect(keepsBudget(levels, space)).toBe(true);
          }
          climb(search, rugged, 1);
        }
        expect(asked.size).toBeLessThanOrEqual(searcher.evaluations(space, options));
        expect(keepsBudget(search.best?.levels ?? [], space)).toBe(true);
      }),
      runs,
    );
  });

  test("its generations hold whole schedules, best first, and its best is the first of the fittest", () => {
    fc.assert(
      fc.property(casesOf(options), ({ space, seed }) => {
        const search = searcher.start(space, options, seed);
        const seen: { levels: readonly number[]; fitness: number }[] = [];
        for (let index = 0; !search.done; ) {
          const whole = search.ask().filter(({ partial }) => !partial);
          seen.push(...whole.map(({ levels }) => ({ levels, fitness: rugged(levels) })));
          const [generation] = climb(search, rugged, 1);
          if (whole.length > 0) expect(generation).toBeDefined();
          if (!generation) continue;
          expect(generation.index).toBe(index++);
          const fitness = generation.population.map((member) => member.fitness);
          expect(fitness).toEqual(fitness.toSorted((a, b) => b - a));
          for (const { levels, fitness } of generation.population) {
            expect(fitness).toBe(rugged(levels));
            expect(keepsBudget(levels, space)).toBe(true);
          }
          expect(generation.survivors).toBeGreaterThanOrEqual(1);
          expect(search.best).toMatchObject(seen.reduce((best, next) => (next.fitness > best.fitness ? next : best)));
        }
      }),
      runs,
    );
  });

  test("equal seeds ask equally; a search continued after any round asks what the first one asks", () => {
    fc.assert(
      fc.property(casesOf(options), ({ space, seed }) => {
        const search = searcher.start(space, options, seed);
        const again = searcher.start(space, options, seed);
        while (!search.done) {
          expect(again.ask()).toEqual(search.ask());
          const snapshot = JSON.parse(JSON.stringify(search.snapshot()));
          const continued = searcher.start(space, options, seed, [], snapshot);
          expect(continued.ask()).toEqual(search.ask());
          expect(continued.best).toEqual(search.best);
          expect(climb(continued, rugged, 1)).toEqual(climb(search, rugged, 1));
          expect(continued.ask()).toEqual(search.ask());
          climb(again, rugged, 1);
        }
        expect(again.done).toBe(true);
      }),
      { numRuns: 6 },
    );
  });

  test("a schedule that is injected joins the first round that makes a generation, and is asked for once", () => {
    fc.assert(
      fc.property(casesOf(options), fc.nat(5), ({ space, seed }, rounds) => {
        const hand = searcher.start(space, options, seed + 1);
        while (hand.ask().every(({ partial }) => partial)) climb(hand, rugged, 1);
        const { levels } = hand.ask().find(({ partial }) => !partial) as Candidate;
        const search = searcher.start(space, options, seed);
        for (let i = 0; i < rounds && !search.done; i++) climb(search, rugged, 1);
        while (!search.done && !search.inject(levels)) {
          expect(search.ask().every(({ partial }) => partial)).toBe(true);
          climb(search, rugged, 1);
        }
        if (!search.done) {
          const asked = search.ask().map((candidate) => scheduleKey(candidate.levels));
          expect(new Set(asked).size).toBe(asked.length);
          climb(search, rugged);
          expect(search.best?.fitness).toBeGreaterThanOrEqual(rugged(levels));
        }
        expect(search.inject(levels)).toBe(false);
        expect(() => search.inject(levels.map(() => -1))).toThrow();
      }),
      runs,
    );
  });

  test("what was stopped never survives, whatever its estimate, also when the search is continued", () => {
    fc.assert(
      fc.property(casesOf(options), ({ space, seed }) => {
        let search = searcher.start(space, options, seed);
        const stopped = new Set<string>();
        while (!search.done) {
          const asked = search.ask();
          // half of them, but for the first that may survive
          const [first] = asked.filter(({ partial }) => !partial);
          const out = new Set(asked.filter((one) => !one.partial && one !== first && rugged(one.levels) % 2 === 0));
          for (const { levels } of out) stopped.add(scheduleKey(levels));
          const fitness = asked.map((one) => (out.has(one) ? 1e9 : rugged(one.levels)));
          const finished = search.tell(fitness, out);
          const marks = finished?.population.map((member) => member.stopped ?? false) ?? [];
          expect(marks).toEqual(finished?.population.map(({ levels }) => stopped.has(scheduleKey(levels))) ?? []);
          expect(marks).toEqual([...marks].sort());
          expect(finished?.survivors ?? 0).toBeLessThanOrEqual(marks.filter((mark) => !mark).length);
          if (search.best) expect(stopped.has(scheduleKey(search.best.levels))).toBe(false);
          search = searcher.start(space, options, seed, [], JSON.parse(JSON.stringify(search.snapshot())));
        }
      }),
      runs,
    );
  });

  test("refuses budgets outside the space, unknown options, fitness that cannot be compared, foreign snapshots", () => {
    const code = (code: StudioError["code"]) => expect.objectContaining<Partial<StudioError>>({ code });
    const start = (space: LevelSpace, given: OptionValues = options, snapshot?: unknown) =>
      searcher.start(space, given, 1, [], snapshot);
    for (const budget of [13, -1, 1.5]) expect(() => start(spaceOf(3, 4, budget))).toThrow(code("budget-unreachable"));
    expect(() => start(spaceOf(3, 4, 6), { speed: 1 })).toThrow('no option "speed"');
    const search = start(spaceOf(3, 4, 6));
    const asked = search.ask();
    expect(() => search.tell([])).toThrow(`0 fitness values for ${asked.length} schedules`);
    expect(() => search.tell(asked.map(() => NaN))).toThrow("is NaN; it must be finite");
    climb(search, rugged, 1);
    const good = search.snapshot() as { scored: { levels: number[] }[] };
    const wrong = [null, 7, {}, { ...good, positions: ["x"] }, { ...good, generation: -1 }, { ...good, scored: [{}] }];
    for (const snapshot of wrong)
      expect(() => start(spaceOf(3, 4, 6), options, snapshot)).toThrow(code("corrupt-data"));
    expect(() => start(spaceOf(2, 4, 4), options, good)).toThrow(code("corrupt-data"));
  });
});

test("warm starts join the start of those that take some, and the yardsticks leave them out", () => {
  const space = spaceOf(4, 5, 10);
  const warm = [[5, 0, 5, 0]];
  const takes = (id: string, options: OptionValues) => {
    const search = searchers.get(id).start(space, options, 1, warm);
    const kinds = new Set<string>();
    for (let round = 0; round < 2 && !search.done; round++) {
      for (const { origin } of search.ask()) kinds.add(origin.kind);
      climb(search, rugged, 1);
    }
    return kinds.has("warm");
  };
  expect(takes("evolution", {})).toBe(true);
  expect(takes("evolution", { start: "sensitivity" })).toBe(true);
  expect(takes("sensitivity", {})).toBe(true);
  expect(takes("bayesian", {})).toBe(true);
  expect(takes("refine", { stagesFrom: 4 })).toBe(true);
  expect(takes("evolution", { variant: "official-compat" })).toBe(false);
  expect(takes("random", {})).toBe(false);
  expect(takes("greedy", { reading: "local" })).toBe(false);
  for (const id of searchers.ids)
    expect(() => searchers.get(id).start(space, {}, 1, [[5, 5, 5, 5]])).toThrow("sums to 20; the budget is 10");
});

describe("on synthetic landscapes", () => {
  const space = spaceOf(5, 6, 14);
  const all = [...Array(7 ** 5).keys()]
    .map((code) => [0, 1, 2, 3, 4].map((s) => Math.floor(code / 7 ** s) % 7))
    .filter((levels) => keepsBudget(levels, space));
  const best = (landscape: Landscape) => all.reduce((most, levels) => Math.max(most, landscape(levels)), -Infinity);
  const losses = [1, 2, 3].map((seed) => stageLosses(space, seed));
  const landscapes: readonly (readonly [string, (losses: number[][]) => Landscape])[] = [
    ["additive", additive],
    ["interacting", (losses) => interacting(losses, 0.1)],
    ["plateaus", (losses) => plateaus(additive(losses), 0.02)],
    ["noisy", (losses) => noisy(additive(losses), 0.005)],
  ];
  /** Sizes at which a searcher must arrive. */
  const sizes: readonly (readonly [string, OptionValues])[] = [
    ["evolution", { generations: 40 }],
    ["evolution", { generations: 40, variant: "official-compat" }],
    ["evolution", { generations: 10, start: "sensitivity", screen: 8 }],
    ["greedy", { reading: "constructive" }],
    ["greedy", { reading: "local", evaluations: 600 }],
    ["sensitivity", { generations: 20, levels: 1 }],
    ["bayesian", { generations: 20, levels: 2 }],
  ];
  describe.each(landscapes)("%s", (name, make) => {
    test.each(sizes)("%s %o comes to the optimum", (id, options) => {
      for (const [seed, table] of losses.entries()) {
        const landscape = make(table);
        const search = searchers.get(id).start(space, options, seed);
        climb(search, landscape);
        const gap = best(landscape) - (search.best?.fitness ?? -Infinity);
        // a search that takes no step back stops on plateaus and in the hollows of noise
        expect(gap).toBeLessThanOrEqual(id === "greedy" && name !== "additive" ? 0.05 : 1e-12);
      }
    });

    test("random sees a whole small space in the end", () => {
      const small = spaceOf(5, 6, 4);
      const landscape = make(stageLosses(small, 1));
      const search = searchers.get("random").start(small, { generations: 10 }, 1);
      const seen = climb(search, landscape).flatMap(({ population }) => population.map(({ levels }) => levels.join()));
      expect(new Set(seen).size).toBe(70); // four levels among five stages
      expect(search.done).toBe(true);
    });
  });
});
