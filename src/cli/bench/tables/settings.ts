// Table 5 of the paper: what more or fewer generations, probes and stages are worth.

import type { OptionValues } from "../../../core/options.ts";
import type { SearchRequest } from "../../../engine/api.ts";
import type { Row } from "./row.ts";
import { denseRow, requestAt, seedsOf } from "./scale.ts";
import type { Table } from "./table.ts";
import { methodName } from "./words.ts";

const BASE = "base";
const stagesName = (stages: number) => `${stages} stages`;

/** Each changes one thing of the base, which has 10 stages. */
function changesOf({ searcher, probes }: SearchRequest): Readonly<Record<string, Partial<SearchRequest>>> {
  const { options = {} } = searcher;
  const generations = (share: number) => {
    const count = Math.max(1, Math.round(share * (options.generations as number)));
    return { searcher: { ...searcher, options: { ...options, generations: count } satisfies OptionValues } };
  };
  return {
    [BASE]: {},
    "half of the generations": generations(0.5),
    "1.5 times the generations": generations(1.5),
    "half of the probes": { probes: Math.max(1, Math.round(probes / 2)) },
    "twice the probes": { probes: 2 * probes },
    [stagesName(3)]: { stages: 3, budget: "steps" }, // of 7, 6 and 7 steps: levels alone would not cost the same
    [stagesName(5)]: { stages: 5 },
    [stagesName(20)]: { stages: 20 },
  };
}

export const settings: Table = {
  help: "OBS at 50 %: fewer and more generations, probes and stages",
  columns: ["setting"],
  rows: (card, scale, seeds = 1) =>
    seedsOf(seeds).flatMap((seed): Row[] => {
      const base = requestAt(scale, card, { target: 0.5, seed });
      const rows = Object.entries(changesOf(base)).map(([name, change]): Row => {
        const found = { ...base, ...change };
        return { cells: [name], method: "searched", found, pictures: scale.pictures, shown: true };
      });
      return [denseRow(scale, card, seed, [methodName("dense")]), ...rows];
    }),
  claims: () => [
    { says: "finer stages better: 5 than 3", better: [stagesName(5)], worse: [stagesName(3)] },
    { says: "finer stages better: 10 than 5", better: [BASE], worse: [stagesName(5)] },
    { says: "finer stages better: 20 than 10", better: [stagesName(20)], worse: [BASE] },
  ],
};
