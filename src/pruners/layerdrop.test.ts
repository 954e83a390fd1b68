import { expect, test } from "vitest";
import { layerdrop } from "./layerdrop.ts";

test("blocks that change their input least go first", () => {
  expect(Array.from(layerdrop.rank(Float64Array.of(0.5, 0.1, 0.9, 0.3), {}))).toEqual([1, 3, 0, 2]);
});

test("equal blocks go in their own order", () => {
  expect(Array.from(layerdrop.rank(Float64Array.of(0.2, 0.1, 0.2, 0.1, 0.1), {}))).toEqual([1, 3, 4, 0, 2]);
});

test("scaling the change or adding to it keeps the order", () => {
  const change = Float64Array.of(0.25, 0.125, 1, 0.5, 0.0625);
  const order = layerdrop.rank(change, {});
  expect(
    layerdrop.rank(
      change.map((x) => 8 * x + 1),
      {},
    ),
  ).toEqual(order);
});

test("a change that is not finite names the block", () => {
  expect(() => layerdrop.rank(Float64Array.of(0.5, Number.NaN), {})).toThrow("block 1 changes its input by NaN");
});
