import { describe, expect, test } from "vitest";
import { headline, outcomeOf } from "./verdict.ts";

const better = { mean: 0.03, low: 0.01, high: 0.05 };
const open = { mean: 0.01, low: -0.01, high: 0.03 };
const worse = { mean: -0.03, low: -0.05, high: -0.01 };

describe("a difference counts only when its whole interval does", () => {
  test.each([
    [better, better, "The searched schedule beats uniform and MosaicDiff"],
    [open, open, "No difference found"],
    [worse, worse, "The searched schedule is worse than uniform and MosaicDiff"],
    [better, open, "Searched is better than uniform, no difference found against MosaicDiff"],
    [open, better, "No difference found against uniform, better than MosaicDiff"],
    [worse, better, "Searched is worse than uniform, better than MosaicDiff"],
  ])("%#", (againstUniform, againstMosaic, text) => {
    expect(headline({ againstUniform, againstMosaic, better: false })).toBe(text);
  });

  test("an interval that touches zero is open, and so is an unbounded one, stored as null", () => {
    expect(outcomeOf({ mean: 1, low: 0, high: 2 })).toBe("open");
    expect(outcomeOf({ mean: 1, low: null, high: null } as never)).toBe("open");
  });
});
