import fc from "fast-check";
import { expect, test } from "vitest";
import { roundTicks } from "./ticks.ts";

test("enclose what is drawn, are equally far apart, and few", () => {
  const value = fc.double({ min: -100, max: 100, noNaN: true });
  fc.assert(
    fc.property(value, value, fc.integer({ min: 2, max: 8 }), (a, b, count) => {
      const [low, high] = [Math.min(a, b), Math.max(a, b)];
      const ticks = roundTicks(low, high, count);
      const [first = NaN, second = NaN] = ticks;
      const last = ticks.at(-1) ?? NaN;
      const step = second - first;
      expect(first).toBeLessThanOrEqual(low + 1e-9);
      expect(last).toBeGreaterThanOrEqual(high - 1e-9);
      expect(ticks.length).toBeGreaterThanOrEqual(2);
      expect(ticks.length).toBeLessThanOrEqual(count + 3);
      for (const [i, tick] of ticks.entries()) expect(tick).toBeCloseTo(first + i * step, 6);
      expect(low - first).toBeLessThan(step + 1e-9);
    }),
  );
});

test.each([
  [0.76, 0.837, 5, [0.76, 0.78, 0.8, 0.82, 0.84]],
  [0.9, 1.78, 4, [0.5, 1, 1.5, 2]],
])("%d … %d", (low, high, count, expected) => {
  for (const [i, tick] of roundTicks(low, high, count).entries()) expect(tick).toBeCloseTo(expected[i] as number, 9);
});
