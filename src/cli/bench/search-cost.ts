// How many denoiser calls does a search need to be as good as the paper's algorithm after all its generations (OBS at
// 50 %)? Each way adds something to the one before. Tables of sensitivity and the dense reference count; so do calls for
// schedules off the budget. Each seed is compared with the paper's algorithm on its own probe pictures and bank.

import { median } from "../../core/median.ts";
import type { OptionValues } from "../../core/options.ts";
import type { Racing } from "../../core/racing.ts";
import type { Outcome } from "../../engine/round.ts";
import type { EngineBench } from "./bench.ts";
import { Arena, type CurvePoint, callsTo, curveOf } from "./search/arena.ts";
import { forecast, type Scale, scales, settingRequest } from "./search/scale.ts";

const PAPER = "the paper's algorithm";
/** As good as the goal but for this share. */
const NEARLY = 0.99;
/** Ways that add something are stopped after this share of the paper's evaluations: the goal is a tenth of its calls. */
const PATIENCE = 0.17;

interface Row {
  readonly seed: number;
  readonly way: string;
  readonly best: number;
  readonly evaluations: number;
  /** All calls of the search. */
  readonly calls: number;
  /** Until the goal was reached, and until it was nearly; absent when it was not. */
  readonly toGoal?: number | undefined;
  readonly toNearly?: number | undefined;
  readonly curve: readonly CurvePoint[];
}

type Way = readonly [searcher: string, options: OptionValues, racing?: Racing];

/** Few probes leave room for small chunks only. */
const RACING: Racing = { confidence: 0.9, chunk: 2 };

/** What is added to the evolution, in turn, and the searcher that learns instead; all reuse prefixes. */
function waysOf(generations: number): Readonly<Record<string, Way>> {
  const start = { start: "sensitivity", levels: 6, generations };
  const learning = { generations: Math.ceil(0.4 * generations) };
  return {
    "+ sensitivity start": ["evolution", start],
    "+ racing": ["evolution", start, RACING],
    bayesian: ["bayesian", learning],
    "bayesian, raced": ["bayesian", learning, RACING],
  };
}

export const searchCost: EngineBench = {
  help: "denoiser calls until a search is as good as the paper's algorithm after all generations (OBS 50 %)",
  async run(tools, context) {
    const id = tools.flags.text("scale");
    const scale = scales[id] as Scale; // checked by its flag
    const seeds = tools.flags.integer("seeds");
    const settings = Array.from({ length: seeds }, (_, seed) => ({ pruner: "obs", target: 0.5, seed }));
    const whole = 20 + 16 * (scale.generations - 1);
    const predictedCoreHours = await forecast(tools, scale, settings, 1.5 * whole);
    context.report(`about ${predictedCoreHours} core-hours`);
    const started = performance.now();
    const rows: Row[] = [];
    for (const setting of settings) {
      const { seed } = setting;
      const arena = await Arena.open(tools, settingRequest(tools.card, scale, setting), context.signal);
      try {
        const { stepsPerStage } = arena.experiment.search;
        const official = { variant: "official-compat", generations: scale.generations };
        context.report(`seed ${seed}: ${PAPER}`);
        const paper = await arena.run("evolution", official, seed);
        const goal = Math.max(...paper.map(({ fitness }) => fitness));
        const add = (way: string, told: readonly Outcome[], reuse: boolean) => {
          const { points, calls } = curveOf(told, stepsPerStage, scale.probes, reuse);
          const reached = { toGoal: callsTo(points, goal), toNearly: callsTo(points, NEARLY * goal) };
          const best = (points.at(-1) as CurvePoint).best;
          rows.push({ seed, way, best, evaluations: told.length, calls, ...reached, curve: points });
        };
        add(PAPER, paper, false);
        add("+ prefix reuse", paper, true);
        for (const [way, [searcher, options, racing]] of Object.entries(waysOf(scale.generations))) {
          context.report(`seed ${seed}: ${way}`);
          add(way, await arena.run(searcher, options, seed, PATIENCE * whole, racing), true);
        }
      } finally {
        await arena.free();
      }
    }
    const coreHours = (performance.now() - started) / 3_600_000;
    return { scale: id, ...scale, seeds, predictedCoreHours, coreHours, summary: summaryOf(rows), rows };
  },
};

/** Medians over seeds; a seed that did not reach counts as infinitely many calls. */
function summaryOf(rows: readonly Row[]) {
  const paper = new Map(rows.filter(({ way }) => way === PAPER).map((row) => [row.seed, row]));
  return [...new Set(rows.map(({ way }) => way))].map((way) => {
    const own = rows.filter((row) => row.way === way);
    const ofPaper = (calls: number | undefined, seed: number) =>
      (calls ?? Number.POSITIVE_INFINITY) / (paper.get(seed) as Row).calls;
    return {
      way,
      best: median(own.map(({ best }) => best)),
      calls: median(own.map(({ calls }) => calls)),
      reached: own.filter(({ toGoal }) => toGoal !== undefined).length,
      toGoal: median(own.map(({ toGoal = Number.POSITIVE_INFINITY }) => toGoal)),
      toGoalOfPaper: median(own.map(({ toGoal, seed }) => ofPaper(toGoal, seed))),
      toNearly: median(own.map(({ toNearly = Number.POSITIVE_INFINITY }) => toNearly)),
      toNearlyOfPaper: median(own.map(({ toNearly, seed }) => ofPaper(toNearly, seed))),
    };
  });
}
