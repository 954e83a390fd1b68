// Table 8 of the paper: a reference metric and one without reference as fitness, at 10 to 50 %.

import { percent } from "../../../core/format.ts";
import { targets } from "../../../core/presets.ts";
import type { Row } from "./row.ts";
import { denseRow, requestAt, seedsOf } from "./scale.ts";
import type { Table } from "./table.ts";
import { methodName } from "./words.ts";

const FITNESSES = ["ssim", "quality"] as const;

export const sparsity: Table = {
  help: "OBS at 10 to 50 %: uniform, MosaicDiff, and searched by SSIM and by the quality network",
  columns: ["sparsity", "schedule"],
  rows(card, scale, seeds = 1) {
    const known = FITNESSES.filter((id) => card.metrics.includes(id));
    const shared = { pictures: scale.pictures, shown: true };
    return seedsOf(seeds).flatMap((seed): Row[] => [
      denseRow(scale, card, seed, [percent(0), methodName("dense")]),
      ...targets.flatMap((target): Row[] => {
        const found = requestAt(scale, card, { target, seed });
        return [
          ...(["uniform", "mosaic"] as const).map((method) => {
            return { ...shared, cells: [percent(target), methodName(method)], method, found };
          }),
          ...known.map((id): Row => {
            const cells = [percent(target), `searched by ${id}`];
            return { ...shared, cells, method: "searched", found: { ...found, metric: { id } } };
          }),
        ];
      }),
    ]);
  },
  claims: () =>
    targets.flatMap((target) =>
      (["uniform", "mosaic"] as const).map((method) => ({
        says: `searched by ssim better than ${methodName(method)}`,
        better: [percent(target), "searched by ssim"],
        worse: [percent(target), methodName(method)],
      })),
    ),
};
