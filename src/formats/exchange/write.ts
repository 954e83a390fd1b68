// A schedule and its search as the files of the authors' `search` folder.

import type { Level, Milliseconds } from "../../core/tensor.ts";
import { type LoggedGeneration, writeEvolution } from "./evolution.ts";
import { EVOLUTION, LEVELS, META, ordersFile, RATIOS, TIMINGS } from "./files.ts";
import { type Meta, type SearchSettings, writeMeta } from "./meta.ts";
import { type BlockOrders, writeDepthOrders, writeWidthOrders } from "./orders.ts";
import { writeLevels, writeRatios } from "./schedule.ts";
import { writeTimings } from "./timings.ts";

/** What is removed first in each stage, sampling order. */
export type Orders =
  | { readonly kind: "depth"; readonly stages: readonly (readonly number[])[] }
  | { readonly kind: "width"; readonly stages: readonly (readonly BlockOrders[])[] };

/** What a search was asked for, did and took. */
export interface SearchLog {
  readonly settings: SearchSettings;
  readonly generations: readonly LoggedGeneration[];
  readonly elapsed: Milliseconds;
  /** What the authors mean by it, where it was measured: without the baselines' bank and the final comparison. */
  readonly times?: { readonly calibration: Milliseconds; readonly search: Milliseconds } | undefined;
}

export interface Found {
  readonly meta: Meta;
  /** As they are to be written, sampling order. */
  readonly levels: readonly Level[];
  readonly orders?: Orders | undefined;
  /** Absent when nobody searched. Its budget is whole levels: `meta.targetLevel` for every stage. */
  readonly log?: SearchLog | undefined;
}

/** Text by file name. */
export function writeFolder({ meta, levels, orders, log }: Found): ReadonlyMap<string, string> {
  const { method, kind, division, maxLevel, targetLevel } = meta;
  const files = new Map([
    [LEVELS, writeLevels(levels)],
    [RATIOS, writeRatios(levels, maxLevel)],
    [META, writeMeta(meta, log?.settings)],
  ]);
  const file = ordersFile(method);
  if (orders && file)
    files.set(file, orders.kind === "depth" ? writeDepthOrders(orders.stages) : writeWidthOrders(orders.stages));
  if (log && targetLevel !== undefined) {
    const { settings, generations, elapsed, times } = log;
    const { seed } = settings;
    const total = times ? times.calibration + times.search : elapsed;
    files.set(TIMINGS, writeTimings({ method, numStages: division.length, targetLevel, seed, ...times, total }));
    files.set(EVOLUTION, writeEvolution({ ...settings, kind, maxLevel, targetLevel, generations }, division));
  }
  return files;
}
