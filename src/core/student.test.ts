import fc from "fast-check";
import { describe, expect, test } from "vitest";
import fixture from "../testing/fixtures/student.json" with { type: "json" };
import { studentQuantile, studentTail } from "./student.ts";

describe("parity", () => {
  test.each(fixture.tails)("the tail beyond $t with $freedom degrees of freedom is SciPy's", ({ t, freedom, tail }) => {
    expect(Math.abs(studentTail(t, freedom) - tail)).toBeLessThan(1e-14);
  });

  test.each(fixture.quantiles)("the $probability point with $freedom is SciPy's", ({ probability, freedom, t }) => {
    expect(studentQuantile(probability, freedom) / t).toBeCloseTo(1, 9);
  });
});

const freedom = fc.integer({ min: 1, max: 100 });

test("both sides add up to 1, and the tail never grows with t", () => {
  fc.assert(
    fc.property(
      freedom,
      fc.double({ min: -50, max: 50, noNaN: true }),
      fc.double({ min: 0, max: 9, noNaN: true }),
      (n, t, more) => {
        expect(studentTail(t, n) + studentTail(-t, n)).toBeCloseTo(1, 14);
        expect(studentTail(t + more, n)).toBeLessThanOrEqual(studentTail(t, n) + 1e-15);
      },
    ),
  );
});

test("nothing lies beyond infinity", () => {
  for (const n of [1, 2, 9]) {
    expect(studentTail(Number.POSITIVE_INFINITY, n)).toBe(0);
    expect(studentTail(Number.NEGATIVE_INFINITY, n)).toBe(1);
  }
});
