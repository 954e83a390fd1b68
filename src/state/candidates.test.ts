import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { OptionValues } from "../core/options.ts";
import { scheduleKey } from "../core/schedule.ts";
import { searchers } from "../searchers/index.ts";
import { climb, rugged, spaceOf, towards } from "../testing/landscapes.ts";
import { allCandidates, arrange, type CandidateQuery, candidatesOf, levelPattern, sortKeys } from "./candidates.ts";
import { ancestryOf } from "./genealogy.ts";

const ways: readonly (readonly [string, OptionValues])[] = [
  ["evolution", { generations: 8, offspring: 5, survivors: 3, mutations: 3 }],
  ["evolution", { generations: 8, offspring: 5, survivors: 2, variant: "official-compat" }],
  ["greedy", { reading: "local", evaluations: 60 }],
  ["refine", { generations: 3, offspring: 4, survivors: 2, stagesFrom: 2 }],
  ["sensitivity", { generations: 4, offspring: 4, levels: 2 }],
];
const space = spaceOf(6, 8, 24);
const landscape = fc.constantFrom(rugged, towards([8, 7, 5, 2, 1, 1]));
/** What a searcher has found, and what it has scored. */
const climbed = fc.tuple(fc.constantFrom(...ways), fc.nat(1000), landscape).map(([[id, options], seed, fitness]) => {
  const generations = climb(searchers.get(id).start(space, options, seed), fitness);
  return { generations, candidates: candidatesOf(generations) };
});

describe("candidates", () => {
  test("are everything that was in a population, each once, with its first generation and its life", () => {
    fc.assert(
      fc.property(climbed, ({ generations, candidates }) => {
        const populations = generations.map(({ population }) => population.map(({ levels }) => scheduleKey(levels)));
        expect(candidates.map(({ key }) => key)).toEqual([...new Set(populations.flat())]);
        for (const { key, generation, lived } of candidates) {
          const within = populations.flatMap((keys, index) => (keys.includes(key) ? [index] : []));
          expect([generation, generation + lived - 1]).toEqual([within[0], within.at(-1)]);
        }
      }),
    );
  });

  test("are ranked by fitness, each place once", () => {
    fc.assert(
      fc.property(climbed, ({ candidates }) => {
        const ranked = [...candidates].sort((a, b) => a.rank - b.rank);
        expect(ranked.map(({ rank }) => rank)).toEqual(candidates.map((_, index) => index + 1));
        for (const [index, { fitness }] of ranked.entries())
          expect(fitness).toBeLessThanOrEqual(ranked[index - 1]?.fitness ?? Infinity);
      }),
    );
  });

  test("that racing stopped are ranked behind all others: their fitness is an estimate", () => {
    const origin = { kind: "random" };
    const population = [
      { levels: [1, 3], fitness: 0.8, origin },
      { levels: [2, 2], fitness: 0.7, origin },
      { levels: [3, 1], fitness: 0.9, origin, stopped: true as const },
    ];
    expect(candidatesOf([{ population, survivors: 1 }]).map(({ rank }) => rank)).toEqual([1, 2, 3]);
  });
});

const query: fc.Arbitrary<CandidateQuery> = fc.record({
  sort: fc.constantFrom(...sortKeys),
  descending: fc.boolean(),
  origin: fc.constantFrom(undefined, "mutation", "uniform"),
  levels: fc.constantFrom("", "4", "5 _ 3", "0, 1"),
});

describe("arranged", () => {
  test("they are those asked for, in order, and those without a value last", () => {
    fc.assert(
      fc.property(climbed, query, ({ candidates }, query) => {
        const rows = candidates.map((candidate) => ({
          ...candidate,
          validation: candidate.rank % 3 === 0 ? candidate.fitness / 2 : undefined,
        }));
        const found = arrange(rows, query);
        const fits = levelPattern(query.levels);
        const wanted = rows.filter(
          ({ levels, origin }) => fits?.(levels) && (query.origin === undefined || origin.kind === query.origin),
        );
        expect(new Set(found)).toEqual(new Set(wanted));
        expect(found).toHaveLength(wanted.length);
        const values = found.map((row) => (query.sort === "origin" ? row.origin.kind : row[query.sort]));
        for (let i = 1; i < values.length; i++) {
          const [a, b] = [values[i - 1], values[i]];
          if (a === undefined) expect(b).toBeUndefined();
          else if (b !== undefined) expect(query.descending ? b <= a : a <= b).toBe(true);
          if (a === b) expect(found[i - 1]?.rank).toBeLessThan(found[i]?.rank ?? 0);
        }
      }),
    );
  });

  test("a pattern that cannot be read finds nothing", () => {
    const population = [{ levels: [1, 2], fitness: 0, origin: { kind: "warm" } }];
    const rows = candidatesOf([{ population, survivors: 1 }]).map((row) => ({ ...row, validation: undefined }));
    expect(arrange(rows, { ...allCandidates, levels: "1 2" })).toHaveLength(1);
    expect(arrange(rows, { ...allCandidates, levels: "one" })).toEqual([]);
  });
});

describe("levels in words", () => {
  test("every run of a schedule's own levels finds it, with any of them left open", () => {
    const schedule = fc.array(fc.nat(12), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(schedule, fc.nat(11), fc.nat(11), fc.array(fc.boolean()), (levels, from, length, open) => {
        const run = levels.slice(from, from + length).map((level, i) => (open[i] ? "_" : level));
        expect(levelPattern(run.join(from % 2 ? " " : ", "))?.(levels)).toBe(true);
      }),
    );
  });
  test.each(["3 4", "12 1", "1 2 3 4 5", "_ _ _ _"])("%s is not in 1 2 3", (text) =>
    expect(levelPattern(text)?.([1, 2, 3])).toBe(false),
  );
  test.each(["a", "1 - 2", "1.5", "*"])("%s is no pattern", (text) => expect(levelPattern(text)).toBeUndefined());
});

describe("ancestry", () => {
  test("leads from a founder to the schedule, every change keeps the budget, and gains add up", () => {
    fc.assert(
      fc.property(climbed, ({ candidates }) => {
        for (const { key, fitness } of candidates) {
          const chain = ancestryOf(key, candidates);
          expect(chain.at(-1)?.candidate.key).toBe(key);
          expect(chain[0]).toMatchObject({ changes: [], gain: undefined });
          for (const [i, { candidate, changes }] of chain.entries()) {
            const before = chain[i - 1]?.candidate.levels;
            if (!before) continue;
            expect(candidate.origin.parent).toEqual(before);
            const changed = changes.reduce(
              (levels, { stage, by }) => levels.with(stage, (levels[stage] ?? 0) + by),
              [...before],
            );
            expect(changed).toEqual(candidate.levels);
            expect(changes.every(({ by }) => by !== 0)).toBe(true);
            expect(changes.reduce((sum, { by }) => sum + by, 0)).toBe(0);
          }
          const gained = chain.reduce((sum, { gain = 0 }) => sum + gain, 0);
          expect((chain[0]?.candidate.fitness ?? NaN) + gained).toBeCloseTo(fitness, 9);
          const born = chain.map(({ candidate }) => candidate.generation);
          expect(born.every((generation, i) => i === 0 || generation > (born[i - 1] as number))).toBe(true);
        }
      }),
    );
  });

  test("of a child is longer than its parent's; a founder had no parent among the candidates", () => {
    fc.assert(
      fc.property(climbed, ({ candidates }) => {
        const keys = new Set(candidates.map(({ key }) => key));
        for (const { key } of candidates) {
          const [founder] = ancestryOf(key, candidates);
          const parent = founder?.candidate.origin.parent;
          expect(parent !== undefined && keys.has(scheduleKey(parent))).toBe(false);
        }
      }),
    );
  });

  test("of a schedule that is no candidate is empty", () => expect(ancestryOf("1,2,3", [])).toEqual([]));
});
