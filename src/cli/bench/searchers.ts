// Which searcher finds the best schedule with equally many denoiser calls? Several seeds, each with its own probe
// pictures and bank; all reuse what schedules share.

import { median } from "../../core/median.ts";
import type { OptionValues } from "../../core/options.ts";
import type { EngineBench } from "./bench.ts";
import { Arena, bestWithin, curveOf } from "./search/arena.ts";
import { forecast, type Scale, type Setting, scales, settingRequest } from "./search/scale.ts";

interface Row extends Setting {
  readonly name: string;
  /** At the shares of the calls. */
  readonly best: readonly (number | undefined)[];
}

/** Shares of the calls at which searchers are compared. */
const SHARES = [0.1, 0.25, 0.5, 1] as const;

/** Each long enough to spend all calls. */
function contestants(
  evaluations: number,
): Readonly<Record<string, readonly [searcher: string, options: OptionValues]>> {
  const generations = evaluations;
  return {
    evolution: ["evolution", { generations }],
    "evolution, model": [
      "evolution",
      { start: "sensitivity", levels: 6, screen: 64, offspring: 4, survivors: 2, mutations: 2, generations },
    ],
    sensitivity: ["sensitivity", { levels: 6, offspring: 6, generations }],
    refine: ["refine", {}],
    "greedy, constructive": ["greedy", { reading: "constructive" }],
    "greedy, local": ["greedy", { reading: "local", evaluations }],
    random: ["random", { generations }],
  };
}

export const searchersBench: EngineBench = {
  help: "all searchers with equally many denoiser calls: OBS and LayerDrop at 25 % and 50 %",
  async run(tools, context) {
    const id = tools.flags.text("scale");
    const scale = scales[id] as Scale; // checked by its flag
    const seeds = Array.from({ length: tools.flags.integer("seeds") }, (_, seed) => seed);
    const cases = scale.pruners.flatMap((pruner) => scale.targets.map((target) => ({ pruner, target })));
    const settings = cases.flatMap((one) => seeds.map((seed) => ({ ...one, seed })));
    const searchers = Object.entries(contestants(scale.evaluations));
    const predictedCoreHours = await forecast(tools, scale, settings, searchers.length * scale.evaluations);
    context.report(`about ${predictedCoreHours} core-hours`);
    const started = performance.now();
    const rows: Row[] = [];
    for (const setting of settings) {
      const arena = await Arena.open(tools, settingRequest(tools.card, scale, setting), context.signal);
      try {
        const { stepsPerStage } = arena.experiment.search;
        const steps = stepsPerStage.reduce((sum, count) => sum + count, 0);
        const calls = steps * scale.evaluations;
        for (const [name, [searcher, options]] of searchers) {
          context.report(`${setting.pruner} ${setting.target}, seed ${setting.seed}: ${name}`);
          const told = await arena.run(searcher, options, setting.seed, 2 * scale.evaluations);
          const { points } = curveOf(told, stepsPerStage, scale.probes, true);
          rows.push({ ...setting, name, best: SHARES.map((share) => bestWithin(points, share * calls)) });
        }
      } finally {
        await arena.free();
      }
    }
    const coreHours = (performance.now() - started) / 3_600_000;
    const summary = cases.flatMap(({ pruner, target }) =>
      searchers.map(([name]) => {
        const own = rows.filter((row) => row.pruner === pruner && row.target === target && row.name === name);
        const at = SHARES.map((share, place) => {
          const values = own.map(({ best }) => best[place]).filter((value) => value !== undefined);
          const whole = values.length === own.length && values.length > 0;
          return {
            share,
            ...(whole && { median: median(values), low: Math.min(...values), high: Math.max(...values) }),
          };
        });
        return { pruner, target, name, at };
      }),
    );
    return { scale: id, ...scale, seeds: seeds.length, predictedCoreHours, coreHours, summary, rows };
  },
};
