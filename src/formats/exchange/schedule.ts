// levels_per_stage.json and ratios_per_stage.json: the schedule itself. The authors' DiT code reads the levels and makes
// ratios of them with its own number of levels; their SDXL code reads the ratios only.

import * as z from "zod/mini";
import type { Level, Ratio } from "../../core/tensor.ts";
import { checkShape, parseJson, type Report, toJson } from "./folder.ts";
import { recordToStages, stagesToRecord } from "./stages.ts";

const levelsSchema = z.record(z.string(), z.int());
const ratiosSchema = z.record(z.string(), z.number());

/** @param levels one per stage, sampling order */
export function writeLevels(levels: readonly Level[]): string {
  return toJson(stagesToRecord(levels));
}

/** @param levels one per stage, sampling order */
export function writeRatios(levels: readonly Level[], maxLevel: Level): string {
  return toJson(stagesToRecord(levels.map((level) => level / maxLevel)));
}

/** Levels in sampling order; undefined after a report. A plain array will do, as it does for the authors' code. */
export function readLevels(text: string, report: Report): Level[] | undefined {
  return readStages(levelsSchema, text, report);
}

/** Level / maxLevel of each stage, sampling order; undefined after a report. */
export function readRatios(text: string, report: Report): Ratio[] | undefined {
  return readStages(ratiosSchema, text, report);
}

function readStages(schema: z.ZodMiniType<Record<string, number>>, text: string, report: Report): number[] | undefined {
  const json = parseJson(text, report);
  const record = checkShape(schema, Array.isArray(json) ? { ...json } : json, report);
  return record && recordToStages(record, report);
}
