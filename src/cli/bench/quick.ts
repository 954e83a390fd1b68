// Does the page's Quick search keep its promises: its time including calibration, and how often its winner beats
// uniform pruning and MosaicDiff on pictures that it never saw? One fresh bank per seed, so nothing is reused.

import { median } from "../../engine/experiment.ts";
import type { Bench } from "./bench.ts";
import { round3 } from "./measure.ts";
import { presetRequest } from "./preset-request.ts";

export const quick: Bench = {
  help: "five Quick searches: time, and wins on held-out pictures",
  async run({ engine, flags, card }, context) {
    const seeds = Array.from({ length: flags.integer("seeds") }, (_, seed) => seed);
    const rows = [];
    for (const seed of seeds) {
      const result = await engine.search({ ...presetRequest("quick", card), seed }, () => {}, context.signal);
      const mean = (id: string) => {
        const scores = result.comparisons.find((entry) => entry.id === id)?.heldOut ?? [];
        return round3(scores.reduce((sum, score) => sum + score, 0) / scores.length);
      };
      const row = {
        seed,
        seconds: round3(result.elapsed / 1000),
        levels: result.best.levels,
        uniform: mean("uniform"),
        mosaic: mean("mosaic"),
        searched: mean("searched"),
        wins: mean("searched") > mean("uniform") && mean("searched") > mean("mosaic"),
        better: result.verdict.better,
        historyHash: result.historyHash,
      };
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
