import { expect, test } from "vitest";
import { trajectoryMacs } from "../../../core/cost.ts";
import { mosaicLevels } from "../../../core/patterns.ts";
import { mosaicDivision } from "../../../core/schedule.ts";
import { stageOfSteps, visitedTimesteps } from "../../../core/timeline.ts";
import { threeStageSchedules } from "./three-stages.ts";

/** Of Tiny Worlds. */
const DIMS = {
  depth: 12,
  width: 192,
  heads: 12,
  headDim: 16,
  mlpWidth: 768,
  tokens: 16,
  patch: 2,
  latent: { channels: 8 },
  outputChannels: 8,
};
const STAGES = stageOfSteps(mosaicDivision(1000), visitedTimesteps({ timesteps: 1000, spacing: "linspace" }, 20));

test("half of twelve levels: every whole solution of 9 begin + 9 middle + 2 end = 119, 120 or 121", () => {
  const macs = trajectoryMacs(DIMS, "width", [6, 6, 6], STAGES);
  const found = threeStageSchedules(DIMS, "width", 12, STAGES, macs);
  const spent = found.map(([begin = 0, middle = 0, end = 0]) => 9 * begin + 9 * middle + 2 * end);
  expect(new Set(spent)).toEqual(new Set([119, 120, 121]));
  expect(found.length).toBe(24 + 13 + 24); // begin + middle is 11 with end 10 or 11, 12 with 6, or 13 with 1 or 2
  expect(found).toContainEqual(mosaicLevels(0.5, 12, [9, 9, 2]));
});

test.each(["width", "depth"] as const)("%s: none is further than 1 %% from the MACs that were asked for", (kind) => {
  for (const level of [2, 3, 6, 9]) {
    const macs = trajectoryMacs(DIMS, kind, [level, level, level], STAGES);
    const found = threeStageSchedules(DIMS, kind, 12, STAGES, macs);
    expect(found).toContainEqual([level, level, level]);
    const off = found.map((levels) => Math.abs(trajectoryMacs(DIMS, kind, levels, STAGES) / macs - 1));
    expect(Math.max(...off)).toBeLessThanOrEqual(0.01);
  }
});
