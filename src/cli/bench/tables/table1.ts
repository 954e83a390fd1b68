// Table 1 of the paper on any model: every pruner at 25 % and 50 %, uniform, MosaicDiff, the best that three stages can do,
// and searched, all at the same MACs.

import type { MethodId } from "./methods.ts";
import { denseRows, requestAt, seedsOf } from "./scale.ts";
import type { Table } from "./table.ts";
import { methodName, prunerName, share } from "./words.ts";

/** The most telling first: a long run is read before it ends. */
const SEEDS = { obs: 3, layerdrop: 3, wanda: 1, activation: 1, magnitude: 1 } as const;
const TARGETS = [0.5, 0.25] as const;
const METHODS = ["uniform", "mosaic", "three-stage", "searched"] as const satisfies readonly MethodId[];
/** Of the paper (Tables 1 and 11); the second is our own bar. */
const ORDERINGS = [
  ["searched", "mosaic"],
  ["searched", "three-stage"],
  ["searched", "uniform"],
  ["mosaic", "uniform"],
] as const satisfies readonly (readonly [MethodId, MethodId])[];

export const table1: Table = {
  help: "5 pruners at 25 % and 50 %: uniform, MosaicDiff, best three stages, searched",
  columns: ["pruner", "sparsity", "schedule"],
  rows(card, scale, given) {
    const settings = Object.entries(SEEDS).flatMap(([pruner, own]) =>
      TARGETS.flatMap((target) => seedsOf(given ?? own).map((seed) => ({ pruner, target, seed }))),
    );
    const pruned = settings.flatMap(({ pruner, target, seed }) => {
      const found = requestAt(scale, card, { pruner: { id: pruner }, target, seed });
      return METHODS.map((method) => ({
        cells: [prunerName(pruner), share(target), methodName(method)],
        method,
        found,
        pictures: scale.pictures,
        shown: pruner === "obs" && target === TARGETS[0],
      }));
    });
    const seeds = given ?? Math.max(...Object.values(SEEDS));
    return [...denseRows(scale, card, seeds, ["", "0 %", methodName("dense")]), ...pruned];
  },
  claims: (summaries) => {
    const settings = new Set(summaries.map(({ cells }) => cells.slice(0, 2).join("\n")));
    return [...settings].flatMap((setting) =>
      ORDERINGS.map(([better, worse]) => ({
        says: `${methodName(better)} better than ${methodName(worse)}`,
        better: [...setting.split("\n"), methodName(better)],
        worse: [...setting.split("\n"), methodName(worse)],
      })),
    );
  },
};
