import { expect, test } from "vitest";
import { patternNames } from "../core/patterns.ts";
import { changesText, moveText, originLabel } from "./origin.ts";

test.each([
  [
    [
      { stage: 2, by: -2 },
      { stage: 6, by: 2 },
    ],
    "stage 3 → 7, 2 levels",
  ],
  [
    [
      { stage: 0, by: 1 },
      { stage: 4, by: -1 },
    ],
    "stage 5 → 1, 1 level",
  ],
  [
    [
      { stage: 0, by: -2 },
      { stage: 1, by: 3 },
    ],
    "stage 1 → 2, −2 +3 levels",
  ],
  [
    [
      { stage: 1, by: -3 },
      { stage: 6, by: 1 },
      { stage: 8, by: 2 },
    ],
    "stage 2 −3, stage 7 +1, stage 9 +2",
  ],
  [[], ""],
])("%j reads %s", (changes, text) => expect(changesText(changes)).toBe(text));

test("a founder has no move, a child has one", () => {
  expect(moveText({ levels: [3, 3], origin: { kind: "uniform" } })).toBe("");
  expect(moveText({ levels: [4, 2], origin: { kind: "mutation", parent: [3, 3] } })).toBe("stage 2 → 1, 1 level");
});

test("patterns keep their names, which are no label of something else", () => {
  for (const name of patternNames) expect(originLabel(name)).toBe(`Pattern ${name.replaceAll("_", " ")}`);
  expect(originLabel("mutation")).toBe("Mutation");
});
