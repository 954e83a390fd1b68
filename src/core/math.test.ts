import fc from "fast-check";
import { describe, expect, test } from "vitest";
import fixture from "../testing/fixtures/math.json" with { type: "json" };
import { cos, exp, log, roundHalfEven, sin } from "./math.ts";

/** Doubles between a and b. */
function ulps(a: number, b: number): number {
  const view = new DataView(new ArrayBuffer(8));
  const order = (x: number) => {
    view.setFloat64(0, x);
    const bits = view.getBigInt64(0);
    return bits < 0n ? -(bits & 0x7fffffffffffffffn) : bits;
  };
  const distance = order(a) - order(b);
  return Number(distance < 0n ? -distance : distance);
}

describe("parity with correctly rounded values", () => {
  for (const [name, f] of Object.entries({ log, exp, sin, cos }))
    test(`${name} is within one unit in the last place`, () => {
      const values = fixture[name as "log"] as [number, number][];
      expect(values.length).toBeGreaterThan(150);
      const far = values.filter(([x, exact]) => ulps(f(x), exact) > 1).map(([x, exact]) => ({ x, exact, got: f(x) }));
      expect(far).toEqual([]);
    });
});

describe("identities", () => {
  const angle = fc.double({ min: -1e6, max: 1e6, noNaN: true });
  test("sin^2 + cos^2 = 1", () => {
    fc.assert(fc.property(angle, (x) => Math.abs(sin(x) ** 2 + cos(x) ** 2 - 1) < 5e-16));
  });
  test("sin is odd, cos is even", () => {
    fc.assert(
      fc.property(angle, (x) => {
        expect(sin(-x)).toBe(-sin(x));
        expect(cos(-x)).toBe(cos(x));
      }),
    );
  });
  test("log undoes exp", () => {
    fc.assert(
      fc.property(fc.double({ min: -700, max: 700, noNaN: true }), (x) => {
        expect(Math.abs(log(exp(x)) - x)).toBeLessThan(3e-16 * Math.max(1, Math.abs(x)));
      }),
    );
  });
});

test("the ends of the range", () => {
  expect([log(0), log(-1), log(Infinity), log(NaN), log(1)]).toEqual([-Infinity, NaN, Infinity, NaN, 0]);
  expect([exp(-Infinity), exp(Infinity), exp(710), exp(-746), exp(0)]).toEqual([0, Infinity, Infinity, 0, 1]);
  expect(exp(NaN)).toBeNaN();
  expect(exp(-745)).toBe(Number.MIN_VALUE);
  expect([sin(0), cos(0)]).toEqual([0, 1]);
  expect(() => sin(1e7)).toThrow("outside");
  expect(() => cos(NaN)).toThrow("outside");
});

test("roundHalfEven is Python's round", () => {
  // [round(x) for x in (0.5, 1.5, 2.5, -0.5, -1.5, 2.4999, 7)]
  expect([0.5, 1.5, 2.5, -0.5, -1.5, 2.4999, 7].map((x) => roundHalfEven(x) + 0)).toEqual([0, 2, 2, 0, -2, 2, 7]);
});
