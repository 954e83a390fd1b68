import fc from "fast-check";
import { expect, test } from "vitest";
import fixture from "../testing/fixtures/rank-correlation.json" with { type: "json" };
import { spearman } from "./rank-correlation.ts";

test.each(fixture.cases.map((pairs, i) => [i, pairs] as const))("parity: case %i", (_, { a, b, correlation }) => {
  expect(spearman(a, b)).toBeCloseTo(correlation, 12);
});

const pairs = fc.array(fc.tuple(fc.integer({ min: -9, max: 9 }), fc.integer({ min: -9, max: 9 })), { maxLength: 30 });

test("is symmetric, turns with the order, and knows only order", () => {
  fc.assert(
    fc.property(pairs, (both) => {
      const [a, b] = [both.map(([x]) => x), both.map(([, y]) => y)];
      const cubes = a.map((x) => x ** 3 + 100);
      const found = spearman(a, b);
      expect(spearman(b, a)).toBe(found);
      expect(spearman(cubes, b)).toBe(found);
      if (found === undefined) return;
      const negatives = a.map((x) => -x);
      expect(spearman(negatives, b)).toBeCloseTo(-found, 12);
      expect(Math.abs(found)).toBeLessThanOrEqual(1 + 1e-12);
    }),
  );
});

test("of what tells nothing apart is undefined", () => {
  expect(spearman([], [])).toBeUndefined();
  expect(spearman([1], [2])).toBeUndefined();
  expect(spearman([1, 1, 1], [1, 2, 3])).toBeUndefined();
});

test("values without a partner are refused", () => {
  expect(() => spearman([1, 2], [1])).toThrow("2 values against 1");
});
