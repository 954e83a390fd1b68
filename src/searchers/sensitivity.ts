// Search by a model: measure what pruning each stage alone costs, add it up, and ask the best schedules of that sum. What
// they really lose corrects the model for the next round. Half of a round are the model's best, half the best of models
// that are as possible (Thompson sampling), because stages interact and the first ones repeat the model's mistakes. Our
// addition to Diff-ES; its budget and its levels.

import { checkOptions, type OptionSpec } from "../core/options.ts";
import { stream } from "../core/rng.ts";
import { scheduleKey } from "../core/schedule.ts";
import { sizeOptions, tableOptions } from "./parts/options.ts";
import { rounds } from "./parts/rounds.ts";
import { bestOfModel, modelOf, tableAsks, tableLosses } from "./parts/sensitivity.ts";
import { checkStart, distinct, uniformAnd } from "./parts/start.ts";
import type { Searcher } from "./searcher.ts";

const options = {
  generations: { ...sizeOptions.generations, default: 8 },
  offspring: { ...sizeOptions.offspring, default: 8 },
  ...tableOptions,
} as const satisfies OptionSpec;

/** The best few, for those who look; the model learns from all. */
const SURVIVORS = 4;

export const sensitivity: Searcher = {
  label: "Sensitivity",
  help: "Measures what pruning each stage alone costs and asks for the schedules that should cost least together.",
  options,
  start(space, given, seed, warm = [], snapshot) {
    const { generations, offspring, levels: spacing } = checkOptions("sensitivity", options, given);
    checkStart("sensitivity", space, warm);
    const asks = tableAsks(space, spacing);
    const known = uniformAnd(space, warm);
    const random = stream(seed, "sensitivity");
    return rounds(
      {
        name: "sensitivity",
        survivors: SURVIVORS,
        random: [random],
        propose({ generation, scored }, scores) {
          const table = tableLosses(asks, scores, space);
          if (!table) return asks;
          if (generation === generations) return undefined;
          const fit = modelOf(table, scored, space);
          const sure = bestOfModel(fit.losses, space, Math.ceil(offspring / 2), scores);
          const first = distinct(generation === 0 ? [...known, ...sure] : sure).slice(0, offspring);
          const born = new Map(first.map((candidate) => [scheduleKey(candidate.levels), candidate]));
          const taken = { has: (key: string) => scores.has(key) || born.has(key) };
          while (born.size < offspring) {
            const [next] = bestOfModel(fit.draw(random), space, 1, taken);
            if (!next) break; // every schedule there is has been scored
            born.set(scheduleKey(next.levels), next);
          }
          return born.size > 0 ? [...born.values()] : undefined;
        },
      },
      space,
      snapshot,
    );
  },
  evaluations(space, given) {
    const { generations, offspring, levels } = checkOptions("sensitivity", options, given);
    return tableAsks(space, levels).length + generations * offspring;
  },
  generations: (_space, given) => checkOptions("sensitivity", options, given).generations,
};
