// What racing saves and what it costs (OBS at 50 %, 10 stages). Each seed is searched twice, whole and raced, and the
// winners are compared on pictures that neither saw; and the whole search is raced again on its records, at other
// confidences and chunks, to say how often a survivor would have been stopped.

import type { ModelCard, SearchRequest, SearchResult } from "../../engine/api.ts";
import { meanOf } from "../../engine/fitness.ts";
import { loadModel } from "../../engine/load.ts";
import { replay } from "../../engine/replay.ts";
import { type RunRecord, RunStore } from "../../engine/run-store.ts";
import { pairedDifference } from "../../engine/verdict.ts";
import { readModelFile } from "../environment.ts";
import type { BenchTools, EngineBench } from "./bench.ts";
import { presetRequest } from "./preset-request.ts";
import { type RacedAgain, raceAgain } from "./search/raced.ts";

/** The default of the command line. */
const RACING = { confidence: 0.9, chunk: 4 };
const CONFIDENCES = [0.8, 0.9, 0.95, 0.99];
const CHUNKS = [2, 4, 8, 16];
/** As in the paper, but for fewer generations. */
const SIZE = { probes: 64, validation: 16, heldOut: 64 };
const OPTIONS = { survivors: 4, offspring: 16, generations: 20 };

export const racing: EngineBench = {
  help: `sample evaluations with ${SIZE.probes} probes, whole and raced; how often racing changes a survivor (OBS 50 %)`,
  async run(tools, context) {
    const { engine, flags, card } = tools;
    const seeds = Array.from({ length: flags.integer("seeds") }, (_, seed) => seed);
    const rows = [];
    for (const seed of seeds) {
      const request = requestOf(card, seed);
      const [whole, raced] = [
        await engine.search(request, () => {}, context.signal),
        await engine.search({ ...request, racing: RACING }, () => {}, context.signal),
      ];
      const again = await racedAgain(tools, whole);
      const row = { seed, ...compared(whole, raced), again };
      context.report(`seed ${seed}: ${row.saving.toFixed(2)} times fewer samples`);
      rows.push(row);
    }
    return { ...SIZE, ...OPTIONS, racing: RACING, rows, summary: summaryOf(rows.map(({ again }) => again)) };
  },
};

function requestOf(card: ModelCard, seed: number): SearchRequest {
  return { ...presetRequest("quick", card), ...SIZE, seed, searcher: { id: "evolution", options: OPTIONS } };
}

/** The raced winner against that of the whole search, on the held-out pictures of both. */
function compared(whole: SearchResult, raced: SearchResult) {
  const heldOut = ({ comparisons }: SearchResult) => comparisons.find(({ id }) => id === "searched")?.heldOut ?? [];
  const samples = { whole: SIZE.probes * whole.evaluations, raced: raced.raced?.samples.run ?? Number.NaN };
  return {
    samples,
    saving: samples.whole / samples.raced,
    stopped: raced.raced?.stopped,
    levels: { whole: whole.best.levels, raced: raced.best.levels },
    /** Of the whole search's winner, and how far the raced one's is from it. */
    heldOut: meanOf(heldOut(whole)),
    difference: pairedDifference(heldOut(raced), heldOut(whole)),
  };
}

interface Setting extends RacedAgain {
  readonly confidence: number;
  readonly chunk: number;
}

async function racedAgain({ storage, source }: BenchTools, { run }: SearchResult): Promise<Setting[]> {
  const model = await loadModel(source, readModelFile, () => {});
  const replayed = await replay(storage, (await new RunStore(storage).record(run)) as RunRecord, model);
  const settings = [];
  for (const confidence of CONFIDENCES)
    for (const chunk of CHUNKS)
      settings.push({ confidence, chunk, ...(await raceAgain(replayed, { confidence, chunk }, SIZE.probes)) });
  return settings;
}

/** Of all seeds together. */
function summaryOf(seeds: readonly (readonly Setting[])[]) {
  const [first = []] = seeds;
  return first.map(({ confidence, chunk }, place) => {
    const own = seeds.map((settings) => settings[place] as Setting);
    const sum = (of: (setting: Setting) => number) => own.reduce((total, setting) => total + of(setting), 0);
    return {
      confidence,
      chunk,
      saving: sum(({ samples }) => samples.all) / sum(({ samples }) => samples.run),
      generations: sum(({ generations }) => generations),
      changed: sum(({ changed }) => changed),
      loss: sum(({ loss }) => loss) / own.length,
    };
  });
}
