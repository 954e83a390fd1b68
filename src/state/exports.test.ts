import { expect, test } from "vitest";
import { referenceLevels } from "./exports.ts";

test("levels leave in the reference numbering: its stage 0 is our last", () => {
  expect(JSON.parse(referenceLevels([12, 6, 0]))).toEqual({ "0": 0, "1": 6, "2": 12 });
  expect(referenceLevels([1, 2])).toBe('{\n  "0": 2,\n  "1": 1\n}\n');
});
