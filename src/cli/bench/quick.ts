// Does the page's Quick search keep its promises: its time including calibration, and how often its winner beats
// uniform pruning and MosaicDiff on pictures that it never saw? One fresh bank per seed, so nothing is reused.

import { median } from "../../core/median.ts";
import type { ScheduleId, SearchResult } from "../../engine/api.ts";
import type { EngineBench } from "./bench.ts";
import { overheadOf, round3 } from "./measure.ts";
import { presetRequest } from "./preset-request.ts";

export const quick: EngineBench = {
  help: "five Quick searches: time, and wins on held-out pictures",
  async run({ engine, flags, card }, context) {
    const seeds = Array.from({ length: flags.integer("seeds") }, (_, seed) => seed);
    const rows = [];
    for (const seed of seeds) {
      const result = await engine.search({ ...presetRequest("quick", card), seed }, () => {}, context.signal);
      const row = quickRow(result);
      context.report(JSON.stringify(row));
      rows.push(row);
    }
    return {
      rows,
      wins: rows.filter((row) => row.wins).length,
      medianSeconds: median(rows.map((row) => row.seconds)),
    };
  },
};

/** One search in a line: its time, and the mean score of each schedule on the pictures that the search never saw. */
export function quickRow(result: SearchResult) {
  const { request, elapsed, best, comparisons, verdict, historyHash } = result;
  const mean = (id: ScheduleId) => {
    const scores = comparisons.find((entry) => entry.id === id)?.heldOut ?? [];
    return round3(scores.reduce((sum, score) => sum + score, 0) / scores.length);
  };
  const [uniform, mosaic, searched] = [mean("uniform"), mean("mosaic"), mean("searched")];
  return {
    seed: request.seed,
    seconds: round3(elapsed / 1000),
    levels: best.levels,
    uniform,
    mosaic,
    searched,
    wins: searched > uniform && searched > mosaic,
    better: verdict.better,
    historyHash,
    overhead: overheadOf(result),
  };
}
