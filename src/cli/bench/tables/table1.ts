// Table 1 of the paper on any model: every pruner at 25 % and 50 %, uniform, MosaicDiff, the best that three stages can do,
// and searched, all at the same MACs.

import { percent } from "../../../core/format.ts";
import type { Ratio } from "../../../core/tensor.ts";
import type { MethodId } from "./methods.ts";
import type { Row } from "./row.ts";
import { denseRow, requestAt, seedsOf } from "./scale.ts";
import type { Table } from "./table.ts";
import { methodName, prunerName } from "./words.ts";

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

const cellsOf = (pruner: string, target: Ratio, method: MethodId) => [
  prunerName(pruner),
  percent(target),
  methodName(method),
];

export const table1: Table = {
  help: "5 pruners at 25 % and 50 %: uniform, MosaicDiff, best three stages, searched",
  columns: ["pruner", "sparsity", "schedule"],
  rows(card, scale, given) {
    const settings = Object.entries(SEEDS).flatMap(([pruner, seeds]) =>
      TARGETS.map((target) => ({ pruner, target, seeds: seedsOf(given ?? seeds) })),
    );
    return settings.flatMap(({ pruner, target, seeds }, index) =>
      seeds.flatMap((seed): Row[] => {
        const found = requestAt(scale, card, { pruner: { id: pruner }, target, seed });
        const pruned = METHODS.map((method) => {
          const cells = cellsOf(pruner, target, method);
          return { cells, method, found, pictures: scale.pictures, shown: index === 0 };
        });
        return index === 0 ? [denseRow(scale, card, seed, ["", percent(0), methodName("dense")]), ...pruned] : pruned;
      }),
    );
  },
  claims: () =>
    Object.keys(SEEDS).flatMap((pruner) =>
      TARGETS.flatMap((target) =>
        ORDERINGS.map(([better, worse]) => ({
          says: `${methodName(better)} better than ${methodName(worse)}`,
          better: cellsOf(pruner, target, better),
          worse: cellsOf(pruner, target, worse),
        })),
      ),
    ),
};
