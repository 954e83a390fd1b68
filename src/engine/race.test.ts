import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { partsOf } from "../core/racing.ts";
import { scheduleKey } from "../core/schedule.ts";
import { journalled, pictured } from "../testing/journalled-search.ts";
import { eventsOf } from "../testing/tiny-engine.ts";
import { meanOf } from "./fitness.ts";

const PICTURES = 12;
const options = { generations: 6, offspring: 8, survivors: 3 };
const racing = { confidence: 0.9, chunk: 3 };
const allOf = (levels: readonly number[]) =>
  Array.from({ length: PICTURES }, (_, picture) => pictured(levels, picture));

describe("in a search that races", () => {
  const raced = () => journalled("evolution", options, { racing });

  test("every candidate is scored on whole parts in turn, and is complete or stopped", async () => {
    const { history } = await raced();
    const ends = partsOf(PICTURES, racing.chunk).map(({ first, count }) => first + count);
    expect(history.some(({ stopped }) => stopped)).toBe(true);
    for (const { levels, fitness, scores, stopped, evaluations } of history) {
      expect(scores).toEqual(allOf(levels).slice(0, scores.length));
      expect(ends).toContain(scores.length);
      expect(evaluations.map(({ part }) => part)).toEqual(partsOf(PICTURES, racing.chunk).slice(0, evaluations.length));
      if (stopped) expect(scores.length).toBeLessThan(PICTURES);
      else expect(fitness).toBe(meanOf(allOf(levels)));
    }
  });

  test("who is stopped never survives, and is told what it is behind the last survivor", async () => {
    const { history, generations } = await raced();
    const stopped = new Map(history.filter((one) => one.stopped).map((one) => [scheduleKey(one.levels), one]));
    for (const { population, survivors } of generations) {
      const last = population[survivors - 1];
      expect(survivors).toBe(options.survivors);
      for (const [place, member] of population.entries()) {
        const known = stopped.get(scheduleKey(member.levels));
        expect(member.stopped ?? false).toBe(known !== undefined);
        if (!known || !last) continue;
        expect(place).toBeGreaterThanOrEqual(survivors);
        const seen = known.scores.length;
        const behind = meanOf(allOf(last.levels).slice(0, seen)) - meanOf(known.scores);
        expect(behind).toBeGreaterThan(0);
        expect(member.fitness).toBeCloseTo(last.fitness - behind, 12);
      }
    }
  });

  test("survivors are those of a search that does not race, for fewer pictures", async () => {
    const whole = await journalled("evolution", options, { racing: { ...racing, chunk: PICTURES } });
    const { generations, reuse } = await raced();
    const survivorsOf = (of: typeof generations) =>
      of.map(({ population, survivors }) => population.slice(0, survivors).map(({ levels }) => levels));
    expect(whole.history.every(({ stopped }) => !stopped)).toBe(true);
    expect(survivorsOf(generations)).toEqual(survivorsOf(whole.generations));
    expect(reuse.calls.run).toBeLessThan(0.7 * whole.reuse.calls.run);
  });

  test("parts count as much as they are of all pictures", async () => {
    const { history, reuse } = await raced();
    const { length } = history.flatMap(({ scores }) => scores);
    expect(reuse).toMatchObject({ found: 0, prefixes: history.length });
    expect(reuse.calls.run).toBeCloseTo((2 * length) / PICTURES, 9);
    expect(reuse.calls.saved).toBeCloseTo((3 * length) / PICTURES, 9);
  });

  test("events tell each candidate once, with what it was told, and the best is never an estimate", async () => {
    const { history, events } = await raced();
    const told = eventsOf(events, "candidate").map(({ candidate }) => [
      scheduleKey(candidate.levels),
      candidate.fitness,
      candidate.stopped,
    ]);
    expect(new Map(told.map((one) => [one[0], one]))).toEqual(
      new Map(
        history.map(({ levels, fitness, stopped }) => [scheduleKey(levels), [scheduleKey(levels), fitness, stopped]]),
      ),
    );
    expect(told).toHaveLength(history.length);
    for (const { best } of eventsOf(events, "best")) expect(best.stopped).toBeUndefined();
    const labels = eventsOf(events, "progress").map(({ label }) => label);
    expect(labels[0]).toBe("Generation 0: racing on pictures 1 to 3 of 12");
  });
});

test("evidence is scored on all pictures at once, so that those who do not race find it", async () => {
  const { scored, history } = await journalled("greedy", { reading: "constructive" }, { racing });
  const evidence = history.filter(({ candidate }) => candidate.partial);
  expect(evidence.length).toBeGreaterThan(20);
  for (const { levels, evaluations } of evidence) {
    expect(evaluations.map(({ part }) => part)).toEqual([undefined]);
    expect(scored).toContain(scheduleKey(levels));
  }
});

test("however a race is run, the fittest of those who were scored whole survive", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.record({ confidence: fc.constantFrom(0.51, 0.7, 0.95), chunk: fc.integer({ min: 2, max: 11 }) }),
      fc.integer({ min: 1, max: 6 }),
      async (racing, survivors) => {
        const { generations } = await journalled("evolution", { ...options, survivors }, { racing });
        for (const { population, survivors: kept } of generations) {
          expect(kept).toBe(survivors);
          const whole = population.filter(({ stopped }) => !stopped).map(({ fitness }) => fitness);
          expect(population.slice(0, kept).map(({ fitness }) => fitness)).toEqual(
            whole.toSorted((a, b) => b - a).slice(0, kept),
          );
        }
      },
    ),
    { numRuns: 15 },
  );
});
