// The files of the authors' `search` folder, read as one schedule for a given model.

import { maxLevelOf } from "../../core/levels.ts";
import { type Division, uniformDivision } from "../../core/schedule.ts";
import type { Level } from "../../core/tensor.ts";
import {
  checkDepthOrders,
  checkEvolution,
  checkLevels,
  checkMeta,
  checkRatios,
  checkTimings,
  checkWidthOrders,
  type Known,
} from "./checks.ts";
import { readEvolution } from "./evolution.ts";
import { DEPTH_ORDERS, EVOLUTION, LEVELS, META, RATIOS, TIMINGS, WIDTH_ORDERS } from "./files.ts";
import { Folder, type Report } from "./folder.ts";
import { type LevelMapping, readMeta } from "./meta.ts";
import type { Kind } from "./method.ts";
import { fromOfficial, type Sizes } from "./official.ts";
import { readDepthOrders, readWidthOrders } from "./orders.ts";
import { readLevels, readRatios } from "./schedule.ts";
import { readTimings } from "./timings.ts";

/** What the files must fit. */
export interface Expected {
  readonly sizes: Sizes;
  /** Native timesteps of the model's diffusion. */
  readonly timesteps: number;
  /** Hash of the model's weights. */
  readonly model: string;
  /** Of a pruning method; undefined when there is no such method. */
  readonly kindOf: (method: string) => Kind | undefined;
  /** Equal stages; as many as there are levels unless given. */
  readonly stages?: number | undefined;
  /** The one that meta.json names unless given. */
  readonly method?: string | undefined;
}

export interface Imported {
  readonly method: string;
  readonly maxLevel: Level;
  readonly division: Division;
  /** Sampling order; level L removes the share L / maxLevel, whatever the files' mapping. */
  readonly levels: readonly Level[];
  /** How the files mean their levels. */
  readonly mapping: LevelMapping;
  readonly steps?: number | undefined;
  readonly guidance?: number | undefined;
}

/**
 * @param where for the message, for example the folder's name
 * @param files text by file name; levels or ratios must be there, and meta.json unless the method is given
 * @throws corrupt-data naming every mismatch, with the numbers
 */
export function readFolder(where: string, files: ReadonlyMap<string, string>, expected: Expected): Imported {
  const folder = new Folder(where, files);
  const checks: ((known: Known) => void)[] = [];
  /** Reads a file, to be checked when it is known against what. */
  const read = <T>(file: string, reader: Reader<T>, checker: Checker<T>): T | undefined => {
    const part = folder.read(file, reader);
    if (part !== undefined) checks.push((known) => checker(part, known, folder.report(file)));
    return part;
  };
  const meta = read(META, readMeta, checkMeta);
  const listed = read(LEVELS, readLevels, checkLevels);
  const ratios = read(RATIOS, readRatios, checkRatios);
  read(TIMINGS, readTimings, checkTimings);
  read(EVOLUTION, readEvolution, checkEvolution);
  for (const file of Object.values(DEPTH_ORDERS)) read(file, readDepthOrders, checkDepthOrders);
  for (const file of Object.values(WIDTH_ORDERS)) read(file, readWidthOrders, checkWidthOrders);

  const { sizes, timesteps, model } = expected;
  const method = expected.method ?? meta?.method;
  const kind = method === undefined ? undefined : expected.kindOf(method);
  if (!files.has(META) && !method) folder.report(META)("is missing, and nothing else names the pruning method");
  if (method && !kind) folder.report(META)(`names the pruning method "${method}", which is not known`);
  if (!files.has(LEVELS) && !files.has(RATIOS)) folder.report(LEVELS)(`is missing, and ${RATIOS} as well`);
  const maxLevel = kind && maxLevelOf(sizes, kind);
  const levels = listed ?? (maxLevel && ratios?.map((ratio) => Math.round(ratio * maxLevel)));
  if (!method || !kind || !maxLevel || !levels) return folder.fail();

  const mapping = meta?.mapping ?? "intended";
  const intended = mapping === "intended";
  const division = uniformDivision(expected.stages ?? levels.length, timesteps);
  const targetLevel = intended ? meta?.targetLevel : undefined; // translated levels do not keep to the budget
  const known: Known = { method, kind, division, levels, maxLevel, targetLevel, sizes, model };
  if (!listed) checkLevels(levels, known, folder.report(RATIOS));
  for (const check of checks) check(known);
  folder.settle();

  const meant = intended ? levels : fromOfficial(levels, known, folder.report(LEVELS));
  folder.settle();
  return { method, maxLevel, division, levels: meant, mapping, steps: meta?.steps, guidance: meta?.guidance };
}

type Reader<T> = (text: string, report: Report) => T | undefined;
type Checker<T> = (part: T, known: Known, report: Report) => void;
