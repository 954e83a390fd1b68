// Is a searched schedule better than uniform pruning and than MosaicDiff with its own bank, at equal MACs, on pictures
// that no search saw? Sparsities and methods as MosaicDiff's authors report them, several seeds each: a seed has its own
// banks, probes, validation and held-out pictures.

import type { ScheduleId, SearchRequest, SearchResult } from "../../engine/api.ts";
import { median } from "../../engine/experiment.ts";
import type { EngineBench } from "./bench.ts";
import { round3 } from "./measure.ts";
import { presetRequest } from "./preset-request.ts";

const CASES = [
  { pruner: "obs", target: 0.31 },
  { pruner: "obs", target: 0.44 },
  { pruner: "obs", target: 0.5 },
  { pruner: "layerdrop", target: 0.18 },
  { pruner: "wanda", target: 0.125 },
  { pruner: "wanda", target: 0.19 },
] as const;
const PROBES = 8;
const HELD_OUT = 64;
/** SSIM below which pictures are not what was asked for: where both fall below it, neither wins. */
const RUINED = 0.6;

export const baselines: EngineBench = {
  help: `searched against uniform and MosaicDiff on ${HELD_OUT} held-out pictures: OBS, LayerDrop, Wanda`,
  async run({ engine, flags, card }, context) {
    const seeds = Array.from({ length: flags.integer("seeds") }, (_, seed) => seed);
    const rows: Row[] = [];
    for (const { pruner, target } of CASES)
      for (const seed of seeds) {
        context.report(`${pruner} at ${100 * target} %, seed ${seed}`);
        const request: SearchRequest = {
          ...presetRequest("standard", card),
          pruner: { id: pruner },
          target,
          seed,
          searcher: { id: "sensitivity", options: { levels: 6, offspring: 6, generations: 12 } },
          probes: PROBES,
          heldOut: HELD_OUT,
          stagesPerFactor: 1,
        };
        rows.push(rowOf(await engine.search(request, () => {}, context.signal)));
      }
    return { probes: PROBES, heldOut: HELD_OUT, ruined: RUINED, seeds: seeds.length, summary: summaryOf(rows), rows };
  },
};

type Row = ReturnType<typeof rowOf>;

function rowOf({ request, best, comparisons, verdict, evaluations, historyHash }: SearchResult) {
  const ssim = (id: ScheduleId) => {
    const scores = comparisons.find((entry) => entry.id === id)?.heldOut ?? [];
    return round3(scores.reduce((sum, score) => sum + score, 0) / scores.length);
  };
  const { pruner, target, seed } = request;
  const means = { uniform: ssim("uniform"), mosaic: ssim("mosaic"), searched: ssim("searched") };
  return { pruner: pruner.id, target, seed, ...means, verdict, levels: best.levels, evaluations, historyHash };
}

function summaryOf(rows: readonly Row[]) {
  return CASES.map(({ pruner, target }) => {
    const own = rows.filter((row) => row.pruner === pruner && row.target === target);
    const against = (id: "uniform" | "mosaic", difference: "againstUniform" | "againstMosaic") => ({
      median: round3(median(own.map((row) => row[id]))),
      difference: round3(median(own.map(({ verdict }) => verdict[difference].mean))),
      better: own.filter(({ verdict }) => verdict[difference].mean > 0).length,
      certain: own.filter(({ verdict }) => verdict[difference].low > 0).length,
      ruined: own.filter((row) => row[id] < RUINED && row.searched < RUINED).length,
    });
    return {
      pruner,
      target,
      searched: round3(median(own.map(({ searched }) => searched))),
      uniform: against("uniform", "againstUniform"),
      mosaic: against("mosaic", "againstMosaic"),
    };
  });
}
