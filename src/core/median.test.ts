import { expect, test } from "vitest";
import { median } from "./median.ts";

test("the median of an even number of values is the middle of the two in the middle", () => {
  expect(median([4, 1, 2, 3])).toBe(2.5);
  expect(median([3, 1, 2])).toBe(2);
});
