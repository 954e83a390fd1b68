// A schedule and its search as the files of the authors' `search` folder.

import type { Level, Milliseconds } from "../../core/tensor.ts";
import { type LoggedGeneration, writeEvolution } from "./evolution.ts";
import { DEPTH_ORDERS, EVOLUTION, LEVELS, META, RATIOS, TIMINGS, WIDTH_ORDERS } from "./files.ts";
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
  readonly meta: Meta;
  readonly settings: SearchSettings;
  readonly generations: readonly LoggedGeneration[];
  readonly elapsed: Milliseconds;
}

export interface Found {
  readonly method: string;
  readonly maxLevel: Level;
  /** As they are to be written, sampling order. */
  readonly levels: readonly Level[];
  readonly orders?: Orders | undefined;
  /** Absent when nobody searched. */
  readonly log?: SearchLog | undefined;
}

/** Text by file name. */
export function writeFolder({ method, maxLevel, levels, orders, log }: Found): ReadonlyMap<string, string> {
  const files = new Map([
    [LEVELS, writeLevels(levels)],
    [RATIOS, writeRatios(levels, maxLevel)],
  ]);
  const { [method]: depthOrders } = DEPTH_ORDERS;
  const { [method]: widthOrders } = WIDTH_ORDERS;
  if (orders?.kind === "depth" && depthOrders) files.set(depthOrders, writeDepthOrders(orders.stages));
  if (orders?.kind === "width" && widthOrders) files.set(widthOrders, writeWidthOrders(orders.stages));
  if (!log) return files;
  const { meta, settings, generations, elapsed } = log;
  const { kind, division, targetLevel } = meta;
  const { seed } = settings;
  files.set(META, writeMeta(meta, settings));
  files.set(TIMINGS, writeTimings({ method, numStages: division.length, targetLevel, seed, total: elapsed }));
  files.set(EVOLUTION, writeEvolution({ ...settings, kind, maxLevel, targetLevel, generations }, division));
  return files;
}
