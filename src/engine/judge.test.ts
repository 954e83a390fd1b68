import { expect, test } from "vitest";
import type { Finalist } from "./api.ts";
import { agreement, finalistsOf } from "./judge.ts";

test("finalists are the fittest of all generations, and MosaicDiff's schedule however it did", () => {
  const member = (level: number, fitness: number) => ({ levels: [level, 20 - level], fitness, origin: { kind: "" } });
  const first = Array.from({ length: 12 }, (_, level) => member(level, level));
  const generations = [{ population: first }, { population: [member(11, 11), member(15, 9.5)] }];
  const levels = (mosaic: number) => finalistsOf(generations, [mosaic, 20 - mosaic]).map((found) => found.levels[0]);
  expect(levels(2)).toEqual([11, 10, 15, 9, 8, 7, 6, 5, 2]);
  expect(levels(7)).toEqual([11, 10, 15, 9, 8, 7, 6, 5]);
  expect(levels(19)).toEqual([11, 10, 15, 9, 8, 7, 6, 5]); // was never a candidate
});

test("probes and validation pictures agree as far as they rank finalists alike", () => {
  const finalists = (...scores: [fitness: number, validation: number][]) =>
    scores.map(
      ([fitness, validation], level): Finalist => ({ levels: [level], fitness, validation, origin: { kind: "" } }),
    );
  expect(agreement(finalists([0.9, 0.5], [0.8, 0.4], [0.7, 0.1]))).toBe(1);
  expect(agreement(finalists([0.9, 0.1], [0.8, 0.4], [0.7, 0.5]))).toBe(-1);
  expect(agreement(finalists([0.9, 0.5], [0.8, 0.1], [0.7, 0.4]))).toBe(0.5);
  expect(agreement([])).toBeUndefined();
});
