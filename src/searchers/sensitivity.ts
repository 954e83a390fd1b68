// Search by a model: measure what pruning each stage alone costs, add it up, and ask the best schedules of that sum. What
// they really lose corrects the model for the next round. Needs far fewer evaluations than an evolution where stages
// hardly interact (our addition to Diff-ES; its budget and its levels).

import { checkOptions, type OptionSpec } from "../core/options.ts";
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
  start(space, given, _seed, warm = [], snapshot) {
    const { generations, offspring, levels: spacing } = checkOptions("sensitivity", options, given);
    checkStart("sensitivity", space, warm);
    const asks = tableAsks(space, spacing);
    const known = uniformAnd(space, warm);
    return rounds(
      {
        name: "sensitivity",
        survivors: SURVIVORS,
        random: [],
        propose({ generation, scored }, scores) {
          const table = tableLosses(asks, scores, space);
          if (!table) return asks;
          if (generation === generations) return undefined;
          const model = modelOf(table, scored, space);
          const best = bestOfModel(model, space, offspring, scores);
          const born = generation === 0 ? distinct([...known, ...best]).slice(0, offspring) : best;
          return born.length > 0 ? born : undefined;
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
