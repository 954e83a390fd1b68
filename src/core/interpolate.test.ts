import { expect, test } from "vitest";
import fixture from "../testing/fixtures/additive.json" with { type: "json" };
import { monotoneCurve } from "./interpolate.ts";

test.each(fixture.curves)("parity: through $at", ({ at, values, curve }) => {
  const own = monotoneCurve(at, values);
  expect(own).toHaveLength(curve.length);
  for (const [i, value] of curve.entries()) expect(own[i]).toBeCloseTo(value, 12);
  for (const [i, x] of at.entries()) expect(own[x]).toBe(values[i]);
});

test("one point is a curve; points that do not rise from 0 are refused", () => {
  expect(monotoneCurve([0], [3])).toEqual([3]);
  for (const at of [[], [1], [0, 2, 2], [0, 3, 1]])
    expect(() => monotoneCurve(at, at)).toThrow(`${at.length} values at [${at.join(", ")}]`);
  expect(() => monotoneCurve([0, 1], [3])).toThrow("1 values");
});
