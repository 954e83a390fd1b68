import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { mosaicDivision, uniformDivision } from "../../core/schedule.ts";
import { visitedTimesteps } from "../../core/timeline.ts";
import { type AxisId, axes, overlayAxis } from "./overlay-axis.ts";

const T = 1000;
const logSnr = Array.from({ length: T }, (_, t) => 9 - 0.018 * t);
const ids = Object.keys(axes) as AxisId[];

describe.each(ids)("on the axis %s", (id) => {
  test("stages follow each other without a gap, from where sampling begins to where it ends", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 12, max: 60 }), (stages, steps) => {
        for (const division of [uniformDivision(stages, T), mosaicDivision(T)]) {
          const axis = overlayAxis(id, visitedTimesteps({ timesteps: T, spacing: "linspace" }, steps), logSnr);
          const spans = axis.spans(division).filter((span) => span !== undefined); // twelve steps may miss one of eleven
          expect(spans[0]?.[0]).toBe(axis.from);
          expect(spans.at(-1)?.[1]).toBe(axis.to);
          for (const [index, [from]] of spans.entries()) if (index > 0) expect(from).toBe(spans[index - 1]?.[1]);
        }
      }),
    );
  });
});

test("steps are counted where they fall, and a stage without one has no place", () => {
  const axis = overlayAxis("step", [999, 500, 0], logSnr);
  expect(axis.spans(uniformDivision(2, T))).toEqual([
    [0, 2],
    [2, 3],
  ]);
  expect(overlayAxis("step", [999], logSnr).spans(uniformDivision(2, T))).toEqual([[0, 1], undefined]);
});
