import { expect, test } from "vitest";
import { movedBy } from "./grid-keys.ts";

test.each([
  ["ArrowRight", { row: 1, column: 2 }],
  ["ArrowLeft", { row: 1, column: 0 }],
  ["ArrowUp", { row: 0, column: 1 }],
  ["ArrowDown", { row: 2, column: 1 }],
  ["Home", { row: 1, column: 0 }],
  ["End", { row: 1, column: 3 }],
  ["PageUp", { row: 0, column: 1 }],
  ["PageDown", { row: 2, column: 1 }],
])("%s in 3 rows of 4", (key, cell) => {
  expect(movedBy(key, { row: 1, column: 1 }, 3, 4)).toEqual(cell);
});

test("the border holds, and other keys lead nowhere", () => {
  expect(movedBy("ArrowUp", { row: 0, column: 0 }, 3, 4)).toEqual({ row: 0, column: 0 });
  expect(movedBy("ArrowRight", { row: 2, column: 3 }, 3, 4)).toEqual({ row: 2, column: 3 });
  expect(movedBy("Enter", { row: 2, column: 3 }, 3, 4)).toBeUndefined();
});
