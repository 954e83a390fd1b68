import fc from "fast-check";
import { expect, test } from "vitest";
import fixture from "../testing/fixtures/wilson.json" with { type: "json" };
import { wilson } from "./wilson.ts";

test.each(fixture.intervals)("$successes of $trials: the interval is SciPy's", ({ successes, trials, low, high }) => {
  const found = wilson(successes, trials);
  expect(Math.abs(found.low - low)).toBeLessThan(1e-12);
  expect(Math.abs(found.high - high)).toBeLessThan(1e-12);
});

test("it holds the share, mirrors when sides are exchanged, and says nothing before the first trial", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 500 }), fc.double({ min: 0, max: 1, noNaN: true }), (trials, part) => {
      const successes = Math.round(part * trials);
      const { low, high } = wilson(successes, trials);
      expect(low).toBeLessThanOrEqual(successes / trials);
      expect(high).toBeGreaterThanOrEqual(successes / trials);
      const other = wilson(trials - successes, trials);
      expect(other.low).toBeCloseTo(1 - high, 12);
    }),
  );
  expect(wilson(0, 0)).toEqual({ low: 0, high: 1 });
});
