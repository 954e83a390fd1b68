// A search that was run elsewhere, from its `search` folder alone. There is no model to check the files against, so they
// are checked against each other, and what disagrees is told beside what they show. Nothing here can be run.

import { type Division, scheduleKey, uniformDivision } from "../../core/schedule.ts";
import type { Level, Milliseconds } from "../../core/tensor.ts";
import { checkEvolution, checkLevels, checkMeta, checkRatios, checkTimings, type Known } from "./checks.ts";
import { type LoggedGeneration, readEvolution } from "./evolution.ts";
import { EVOLUTION, LEVELS, META, RATIOS, TIMINGS } from "./files.ts";
import { Folder } from "./folder.ts";
import { readMeta } from "./meta.ts";
import { readLevels, readRatios } from "./schedule.ts";
import { readTimings } from "./timings.ts";

export interface Experiment {
  /** Undefined without meta.json. */
  readonly method: string | undefined;
  readonly division: Division;
  readonly maxLevel: Level;
  /** Sum of levels. */
  readonly budget: number;
  /** Empty without evolution.json. */
  readonly generations: readonly LoggedGeneration[];
  /** Generations that were asked for. */
  readonly planned: number;
  /** The schedule that the folder is for, sampling order: that of its levels, or the fittest of its log. */
  readonly levels: readonly Level[];
  /** Sampling steps; undefined without meta.json. */
  readonly steps: number | undefined;
  /** Hash of the model's weights, when this program wrote the files. */
  readonly model: string | undefined;
  readonly elapsed: Milliseconds | undefined;
  /** Files that disagree with each other, with the numbers. */
  readonly problems: readonly string[];
  /** Files that are not there, and what is unknown for it. */
  readonly missing: readonly string[];
}

/** Native timesteps of every model that the authors prune: what levels without ranges divide. */
const TIMESTEPS = 1000;

/**
 * @param where for the message, for example the folder's name
 * @param files text by file name; evolution.json or levels_per_stage.json must be there, and H in one of them or meta.json
 * @throws corrupt-data naming everything that is wrong, when too little is right to be shown
 */
export function readExperiment(where: string, files: ReadonlyMap<string, string>): Experiment {
  const folder = new Folder(where, files);
  const log = folder.read(EVOLUTION, readEvolution);
  const meta = folder.read(META, readMeta);
  const listed = folder.read(LEVELS, readLevels);
  const ratios = folder.read(RATIOS, readRatios);
  const timings = folder.read(TIMINGS, readTimings);

  const fittest = fittestOf(log?.generations ?? []);
  const levels = listed ?? fittest;
  const maxLevel = log?.maxLevel ?? meta?.maxLevel;
  if (!levels) folder.report(EVOLUTION)(`has no schedule, and ${LEVELS} neither`);
  if (!maxLevel) folder.report(META)("is missing, and nothing else names H, the highest level");
  if (!levels || !maxLevel || (files.has(EVOLUTION) && !log)) return folder.fail();

  const division = log?.division ?? meta?.division ?? uniformDivision(levels.length, TIMESTEPS);
  const translated = meta?.mapping === "official-compat";
  const known: Known = {
    method: meta?.method ?? timings?.method ?? "",
    kind: log?.kind ?? meta?.kind ?? "width",
    division,
    levels,
    maxLevel,
    targetLevel: log?.targetLevel ?? meta?.targetLevel,
    model: meta?.model ?? "",
    sizes: { depth: meta?.depth ?? 0, heads: meta?.heads ?? 0, channels: 0 },
  };
  if (log) checkEvolution(log, known, folder.report(EVOLUTION));
  if (![levels, ...schedulesOf(log?.generations ?? [])].every(({ length }) => length === division.length)) {
    checkLevels(levels, known, folder.report(LEVELS));
    return folder.fail(); // there are no columns that all of them could stand in
  }
  if (meta) checkMeta(meta, known, folder.report(META));
  // Translated levels are for another reader: they neither keep to the budget nor are they in the log.
  if (listed) checkLevels(listed, translated ? { ...known, targetLevel: undefined } : known, folder.report(LEVELS));
  if (ratios) checkRatios(ratios, known, folder.report(RATIOS));
  if (timings) checkTimings(timings, known, folder.report(TIMINGS));
  const searched = new Set(schedulesOf(log?.generations ?? []).map(scheduleKey));
  if (listed && log && !translated && !searched.has(scheduleKey(listed)))
    folder.report(LEVELS)(`its schedule is none of the ${searched.size} in ${EVOLUTION}`);
  return {
    method: meta?.method ?? timings?.method,
    division,
    maxLevel,
    budget: known.targetLevel === undefined ? sumOf(levels) : known.targetLevel * division.length,
    generations: log?.generations ?? [],
    planned: log?.planned ?? 0,
    levels: translated ? (fittest ?? levels) : levels,
    steps: meta?.steps,
    model: meta?.model,
    elapsed: timings?.total ?? timings?.search,
    problems: folder.problems,
    missing: missingOf(files),
  };
}

function missingOf(files: ReadonlyMap<string, string>): string[] {
  const why: readonly (readonly [string, string])[] = [
    [EVOLUTION, "there is no course of a search to show, only a schedule"],
    [META, "method and sampling steps are unknown, so each stage is drawn as one step"],
    [LEVELS, "the fittest schedule of the log stands for the winner"],
  ];
  return why.filter(([file]) => !files.has(file)).map(([file, unknown]) => `${file} is missing: ${unknown}`);
}

function schedulesOf(generations: readonly LoggedGeneration[]): (readonly Level[])[] {
  return generations.flatMap(({ population }) => population.map(({ levels }) => levels));
}

/** The first that has the highest fitness. */
function fittestOf(generations: readonly LoggedGeneration[]): readonly Level[] | undefined {
  const leaders = generations.flatMap(({ population }) => population.slice(0, 1));
  return leaders.reduce((best, next) => (next.fitness > best.fitness ? next : best), leaders[0] as (typeof leaders)[0])
    ?.levels;
}

function sumOf(levels: readonly Level[]): number {
  return levels.reduce((sum, level) => sum + level, 0);
}
