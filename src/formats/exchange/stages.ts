// Lists in the files of the authors' code are objects with the keys "0" … "n-1"; a list of stages begins with the lowest
// timesteps, ours with the highest.

import * as z from "zod/mini";
import { type Division, reversed } from "../../core/schedule.ts";
import type { StageIndex } from "../../core/tensor.ts";
import type { Report } from "./folder.ts";

/** Inclusive [low, high] timesteps of each stage. */
export type Ranges = readonly (readonly [number, number])[];
export const rangesSchema = z.array(z.tuple([z.int(), z.int()])).check(z.minLength(1));

export function divisionToRanges(division: Division): Ranges {
  return reversed(division).map(({ low, high }) => [low, high]);
}

export function rangesToDivision(ranges: Ranges): Division {
  return reversed(ranges).map(([low, high]) => ({ high, low }));
}

/** One value per stage, sampling order, under the authors' numbers. */
export function stagesToRecord<T>(stages: readonly T[]): Record<string, T> {
  return listToRecord(reversed(stages));
}

/** Sampling order; undefined after a report. */
export function recordToStages<T>(record: Readonly<Record<string, T>>, report: Report): T[] | undefined {
  const list = recordToList(record, "stage", report);
  return list && reversed(list);
}

export function listToRecord<T>(list: readonly T[]): Record<string, T> {
  return Object.fromEntries(list.entries());
}

/** Undefined after a report when the keys are not 0 … n-1, n at least 1. */
export function recordToList<T>(record: Readonly<Record<string, T>>, noun: string, report: Report): T[] | undefined {
  const found = Object.keys(record);
  const keys = Array.from({ length: Math.max(1, found.length) }, (_, index) => String(index));
  const missing = keys.filter((key) => !Object.hasOwn(record, key));
  if (missing.length === 0) return keys.map((key) => record[key] as T);
  report(`${noun} ${missing.join(", ")} is missing; there are ${found.join(", ") || "none"}`);
  return undefined;
}

/** What reports call a stage in sampling order: its number in the files. */
export function officialName(stage: StageIndex, stages: readonly unknown[]): string {
  return `stage ${stages.length - 1 - stage}`;
}
