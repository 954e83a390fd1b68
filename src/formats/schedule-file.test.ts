import { expect, test } from "vitest";
import { uniformDivision } from "../core/schedule.ts";
import { parseScheduleFile, toScheduleFile } from "./schedule-file.ts";

const SCHEDULE = { pruner: "obs", maxLevel: 4, division: uniformDivision(3, 1000), levels: [0, 4, 2] };
const bytesOf = (json: object) => new TextEncoder().encode(JSON.stringify(json));

test("a schedule comes back, without what was told beside it", () => {
  const file = toScheduleFile({ ...SCHEDULE, ...{ steps: 20 } });
  expect(file).toMatchObject({ order: "sampling", steps: 20 });
  expect(parseScheduleFile("a.json", bytesOf(file))).toEqual(SCHEDULE);
});

test.each([
  [{ levels: [0, 4] }, "a.json: 2 levels for 3 stages"],
  [{ levels: [0, 5, 2] }, "a.json: level 5 of stage 1 is not an integer in 0 … 4"],
  [{ order: "reference" }, "a.json: order: "],
  [{ division: undefined }, "a.json: division: "],
])("refuses %o", (change, message) => {
  expect(() => parseScheduleFile("a.json", bytesOf({ ...toScheduleFile(SCHEDULE), ...change }))).toThrow(message);
});
