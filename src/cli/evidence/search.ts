// What searches cost and what they find: the sections of docs/benchmarks.md.

import { around, type Surroundings, table } from "./markdown.ts";

/** What `bench search-cost` printed. Calls are of the denoiser, each for all probe pictures; null: never reached. */
export interface SearchCostReport extends Surroundings {
  readonly model: string;
  readonly result: {
    readonly scale: string;
    readonly probes: number;
    readonly generations: number;
    readonly seeds: number;
    readonly predictedCoreHours: number;
    readonly summary: readonly {
      readonly way: string;
      readonly best: number;
      readonly calls: number;
      readonly reached: number;
      readonly toGoal: number | null;
      readonly toGoalOfPaper: number | null;
      readonly toNearly: number | null;
      readonly toNearlyOfPaper: number | null;
    }[];
    readonly rows: readonly CostRow[];
  };
}
export interface CostRow {
  readonly seed: number;
  readonly way: string;
  readonly calls: number;
  readonly curve: readonly { readonly calls: number; readonly best: number }[];
}

export function searchCostSection(report: SearchCostReport): string[] {
  const { scale, probes, generations, seeds, predictedCoreHours } = report.result;
  return [
    "## Cost of a search",
    around(report, `search-cost --threads 1 --scale ${scale} --seeds ${seeds}`),
    `OBS at 50 %, 10 stages, 20 steps, ${probes} probe pictures, SSIM; medians over ${seeds} seeds, each with its own pictures and bank; about ${predictedCoreHours.toFixed(1)} core-hours. The goal is the fitness that the paper's algorithm (its authors' code, draw by draw, with its cache of scores) has after ${generations} generations; nearly is within 1 % of it. Calls are of the denoiser, each for all probe pictures, the dense reference and tables of sensitivity included; in brackets their share of all calls of the paper's algorithm. What adds to it is stopped after about a sixth of its evaluations. The kernels of the process behind bayesian were chosen on schedules recorded in these settings.`,
    searchCostTable(report),
    "![The best schedule so far against denoiser calls, each way](search-cost.svg)",
  ];
}

export function searchCostTable({ result: { seeds, summary } }: SearchCostReport): string {
  const calls = (count: number | null, share: number | null) =>
    count === null || share === null ? "—" : `${Math.round(count)} (${(100 * share).toFixed(1)} %)`;
  return table(
    ["way", "best", "all calls", "to the goal", "seeds that reached it", "nearly"],
    summary.map(({ way, best, calls: all, reached, toGoal, toGoalOfPaper, toNearly, toNearlyOfPaper }) => [
      way,
      best.toFixed(4),
      String(Math.round(all)),
      calls(toGoal, toGoalOfPaper),
      `${reached} of ${seeds}`,
      calls(toNearly, toNearlyOfPaper),
    ]),
  );
}
