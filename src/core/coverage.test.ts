import { expect, test } from "vitest";
import { coverage } from "./coverage.ts";

const line = (...places: number[]) => ({ dimension: 1, data: Float32Array.from(places) });

test("balls reach to the k-th of the other vectors, borders included", () => {
  // around 0, 1, 2, 3 the third neighbour is 3, 2, 2, 3 away: balls cover -3 … 6
  expect(coverage(line(-3, 6, 6.5, -3.5), line(0, 1, 2, 3), 3)).toBe(0.5);
  // the second is 2, 1, 1, 2 away: balls cover -2 … 5
  expect(coverage(line(-2, 5, 6, -3), line(0, 1, 2, 3), 2)).toBe(0.5);
});

test("vectors that are there several times are each other's neighbours", () => {
  expect(coverage(line(0, 0.1, 7, 7.1), line(0, 0, 0, 0, 7, 7, 7, 7), 3)).toBe(0.5);
});
