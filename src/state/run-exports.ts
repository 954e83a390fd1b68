// A stored run as files for others: a table of all that it scored, and the files of the authors' code as far as the page
// knows them. Loaded with the library.

import { checkOptions } from "../core/options.ts";
import { scheduleKey } from "../core/schedule.ts";
import type { SearchResult } from "../engine/api.ts";
import { csv } from "../formats/csv.ts";
import { writeEvolution } from "../formats/exchange/evolution.ts";
import { EVOLUTION, LEVELS, RATIOS } from "../formats/exchange/files.ts";
import { writeLevels, writeRatios } from "../formats/exchange/schedule.ts";
import { candidatesOf } from "./candidates.ts";
import { shelves } from "./settings.ts";

/** One row for each schedule, in the order of birth; stages in sampling order. */
export function candidatesFile({ generations, finalists, space }: SearchResult): string {
  const validation = new Map(finalists.map((finalist) => [scheduleKey(finalist.levels), finalist.validation]));
  const stages = space.division.map((_, stage) => `stage_${stage}`);
  return csv({
    head: ["generation", "rank", "origin", "fitness", "validation", "stopped", "lived", ...stages],
    rows: candidatesOf(generations).map(({ key, generation, rank, origin, fitness, stopped, lived, levels }) => [
      ...[generation, rank, origin.kind, fitness, validation.get(key), stopped ?? false, lived],
      ...levels,
    ]),
  });
}

/** Text by file name, stages numbered from the low timesteps; no log of a budget that is not whole levels per stage. */
export function referenceFiles({ best, space, generations, request }: SearchResult): ReadonlyMap<string, string> {
  const { maxLevel, division, budget, generations: planned } = space;
  const files = new Map([
    [LEVELS, writeLevels(best.levels)],
    [RATIOS, writeRatios(best.levels, maxLevel)],
  ]);
  const targetLevel = budget / division.length;
  if (request.budget === "steps" || !Number.isInteger(targetLevel)) return files;
  const { id, options } = request.searcher;
  const { offspring = 0, survivors = 0, maxMove = 0 } = checkOptions(id, shelves.searcher.get(id).options, options);
  const asked = { offspring: Number(offspring), survivors: Number(survivors), maxMove: Number(maxMove) };
  const kind = shelves.pruner.get(request.pruner.id).kind as "width" | "depth";
  return files.set(
    EVOLUTION,
    writeEvolution({ ...asked, kind, maxLevel, targetLevel, planned, generations }, division),
  );
}
