// Table 11 of the paper: evolution against greedy search, which asks for as many evaluations, and against everything that
// needs no search or less of one.

import { patternNames } from "../../../core/patterns.ts";
import type { SearchRequest } from "../../../engine/api.ts";
import type { MethodId } from "./methods.ts";
import type { Row } from "./row.ts";
import { denseRow, requestAt, seedsOf } from "./scale.ts";
import type { Table } from "./table.ts";
import { methodName } from "./words.ts";

const SEEDS = 3;
const STAGES = 10;
const EVOLUTION = "evolution";
/** The paper does not say which; the second spends as many evaluations as the evolution, the first as many as it needs. */
const GREEDY = ["greedy, constructive", "greedy, local"] as const;
const RANDOM = "random search";

export const greedy: Table = {
  help: "OBS at 50 %: evolution, both readings of greedy, random search, patterns, MosaicDiff, best three stages",
  columns: ["schedule"],
  rows(card, scale, seeds = SEEDS) {
    const of = (seed: number) => requestAt(scale, card, { target: 0.5, stages: STAGES, seed });
    const row = (name: string, method: MethodId, found: SearchRequest): Row => {
      return { cells: [name], method, found, pictures: scale.pictures, shown: true };
    };
    const searched = (name: string, base: SearchRequest, searcher: SearchRequest["searcher"]) =>
      row(name, "searched", { ...base, searcher });
    const searches = seedsOf(seeds).flatMap((seed) => {
      const base = of(seed);
      const { generations = 1, offspring = 1, survivors = 1 } = base.searcher.options as Record<string, number>;
      const evaluations = survivors + generations * offspring;
      return [
        denseRow(scale, card, seed, [methodName("dense")]),
        row(EVOLUTION, "searched", base),
        searched(GREEDY[0], base, { id: "greedy", options: { reading: "constructive" } }),
        searched(GREEDY[1], base, { id: "greedy", options: { reading: "local", evaluations } }),
        searched(RANDOM, base, { id: "random", options: { generations, offspring } }),
        ...(["uniform", "mosaic", "three-stage"] as const).map((method) => row(methodName(method), method, base)),
      ];
    });
    const patterns = patternNames.map((name) => row(`pattern ${methodName(name)}`, name, of(0)));
    return [...searches, ...patterns];
  },
  claims: () =>
    [...GREEDY, RANDOM, methodName("three-stage"), methodName("uniform")].map((name) => ({
      says: `evolution better than ${name}`,
      better: [EVOLUTION],
      worse: [name],
    })),
};
