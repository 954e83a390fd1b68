import { expect, test } from "vitest";
import { predictedTime } from "./step-time.ts";

const timed = [
  { macs: 100, time: 12 },
  { macs: 50, time: 80 },
  { macs: 50, time: 7 },
  { macs: 50, time: 6 },
];

test.each([
  [50, 7],
  [100, 12],
  [60, 8],
  [25, 3.5],
  [200, 24],
])("%d operations take %d ms", (macs, time) => expect(predictedTime(timed, macs)).toBeCloseTo(time, 12));

test("nothing is told of nothing", () => expect(predictedTime([], 5)).toBeUndefined());
