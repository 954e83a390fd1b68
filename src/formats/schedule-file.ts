// A schedule by itself, as `import` prints it and `--levels` reads it: JSON, stages in sampling order.

import * as z from "zod/mini";
import { checkLevels, type Schedule } from "../core/schedule.ts";
import type { Level } from "../core/tensor.ts";
import { parseJsonFile } from "./json-file.ts";

const FORMAT = "diff-es-schedule/1";

export interface ScheduleFile extends Schedule {
  /** The method that levels are levels of. */
  readonly pruner: string;
  readonly maxLevel: Level;
}

const count = z.int().check(z.nonnegative());
const schema = z.looseObject({
  format: z.literal(FORMAT),
  order: z.literal("sampling"),
  pruner: z.string(),
  maxLevel: count,
  division: z.array(z.object({ high: count, low: count })).check(z.minLength(1)),
  levels: z.array(count),
});

/** The JSON of a schedule, and whatever else is to be told beside it. */
export function toScheduleFile(schedule: ScheduleFile): object {
  return { format: FORMAT, order: "sampling", ...schedule };
}

/** @throws corrupt-data naming the file and what is wrong with it */
export function parseScheduleFile(name: string, bytes: Uint8Array): ScheduleFile {
  const { pruner, maxLevel, division, levels } = parseJsonFile(name, schema, bytes);
  checkLevels(name, levels, division.length, maxLevel);
  return { pruner, maxLevel, division, levels };
}
