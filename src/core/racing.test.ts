import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { outOfReach, partsOf, racedShare } from "./racing.ts";
import { stream } from "./rng.ts";

describe("parts", () => {
  const size = fc.integer({ min: 1, max: 300 });

  test("cover every picture once, in whole chunks but for the last, and never shrink before it", () => {
    fc.assert(
      fc.property(size, fc.integer({ min: 1, max: 40 }), (pictures, chunk) => {
        const parts = partsOf(pictures, chunk);
        const counts = parts.map(({ count }) => count);
        expect(parts.map(({ first }) => first)).toEqual(
          counts.map((_, i) => counts.slice(0, i).reduce((a, b) => a + b, 0)),
        );
        expect(counts.reduce((a, b) => a + b, 0)).toBe(pictures);
        const whole = counts.slice(0, -1);
        for (const [i, count] of whole.entries()) {
          expect(count % chunk).toBe(0);
          expect(count).toBeGreaterThanOrEqual(whole[i - 1] ?? chunk);
        }
      }),
    );
  });

  test("grow by half", () => {
    expect(partsOf(64, 4).map(({ count }) => count)).toEqual([4, 4, 4, 4, 8, 12, 16, 12]);
  });
});

describe("who is out of reach", () => {
  const PICTURES = 64;
  /** Entrants' scores on the first pictures, and how many may stay. */
  const race = fc.tuple(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 12 })).chain(([entrants, seen]) =>
    fc.record({
      scores: fc.array(fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: seen, maxLength: seen }), {
        minLength: entrants,
        maxLength: entrants,
      }),
      keep: fc.integer({ min: 1, max: 5 }),
      confidence: fc.constantFrom(0.6, 0.9, 0.99),
    }),
  );
  const total = (scores: readonly number[]) => scores.reduce((sum, score) => sum + score, 0);

  test("are none of those with the best means: as many as may stay do", () => {
    fc.assert(
      fc.property(race, ({ scores, keep, confidence }) => {
        const out = outOfReach(scores, keep, PICTURES, confidence);
        for (const [i, own] of scores.entries()) {
          const better = scores.filter((other) => total(other) > total(own)).length;
          if (out[i]) expect(better).toBeGreaterThanOrEqual(keep);
        }
      }),
    );
  });

  test("do not depend on how difficult the pictures are, nor on the scale of scores", () => {
    fc.assert(
      // powers of two, so that rounding decides nothing
      fc.property(race, fc.constantFrom(0.5, 1, 4), ({ scores, keep, confidence }, scale) => {
        const other = scores.map((own) => own.map((score, picture) => 1024 * picture + scale * score));
        expect(outOfReach(other, keep, PICTURES, confidence)).toEqual(outOfReach(scores, keep, PICTURES, confidence));
      }),
    );
  });

  test("are fewer with more confidence, with more survivors, and with more pictures to come", () => {
    fc.assert(
      fc.property(race, ({ scores, keep, confidence }) => {
        const out = outOfReach(scores, keep, PICTURES, confidence);
        for (const milder of [
          outOfReach(scores, keep, PICTURES, (1 + confidence) / 2),
          outOfReach(scores, keep + 1, PICTURES, confidence),
          outOfReach(scores, keep, 2 * PICTURES, confidence),
        ])
          for (const [i, stopped] of milder.entries()) if (stopped) expect(out[i]).toBe(true);
      }),
    );
  });

  test("are certain once all pictures were seen", () => {
    fc.assert(
      fc.property(race, ({ scores, keep, confidence }) => {
        fc.pre((scores[0]?.length ?? 0) >= 2);
        const out = outOfReach(scores, keep, scores[0]?.length ?? 0, confidence);
        for (const [i, own] of scores.entries())
          expect(out[i]).toBe(scores.filter((other) => total(other) > total(own)).length >= keep);
      }),
    );
  });

  test("cannot be told by one picture, nor of equals", () => {
    expect(outOfReach([[1], [0]], 1, PICTURES, 0.6)).toEqual([false, false]);
    const equals = [
      [1, 2, 3],
      [1, 2, 3],
    ];
    expect(outOfReach(equals, 1, PICTURES, 0.6)).toEqual([false, false]);
  });

  test("spares more of more pictures, all of them never, nothing where there is one part", () => {
    const shares = [4, 8, 16, 64, 1e6].map((pictures) => racedShare({ confidence: 0.9, chunk: 4 }, pictures));
    expect(shares).toEqual([...shares].sort((a, b) => b - a));
    expect(shares[0]).toBe(1);
    expect(shares[3]).toBeCloseTo(1 / 2.6);
    expect(shares.at(-1)).toBe(0.25);
  });

  test("a single comparison errs as rarely as it says", () => {
    const random = stream(1, "racing");
    const [pictures, seen, trials] = [24, 8, 4000];
    let wrong = 0;
    for (let trial = 0; trial < trials; trial++) {
      const draw = () => Array.from({ length: pictures }, () => random.normal());
      const [a, b] = [draw(), draw()];
      const worse = total(a) < total(b) ? a : b;
      const better = worse === a ? b : a;
      const [, out] = outOfReach([worse.slice(0, seen), better.slice(0, seen)], 1, pictures, 0.9);
      if (out) wrong++;
    }
    // of either sign with chance 0.1: the better one is the one that is stopped in at most as many
    expect(wrong / trials).toBeLessThan(0.1);
    expect(wrong / trials).toBeGreaterThan(0.01);
  });
});
