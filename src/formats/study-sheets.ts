// Studies as tables for programs: the same columns from the page and from the command line.

import type { Division } from "../core/schedule.ts";
import type { Level, Macs, Ratio } from "../core/tensor.ts";
import type { Sheet } from "./csv.ts";

interface StageTable {
  /** In the order of the rows of `table`. */
  readonly division: Division;
  /** [stages][maxLevel + 1] */
  readonly table: readonly (readonly { readonly loss: number; readonly measured: boolean }[])[];
}

/** One row for each level of each stage. */
export function sensitivitySheet({ division, table }: StageTable): Sheet {
  return {
    head: ["stage", "high", "low", "level", "loss", "measured"],
    rows: division.flatMap(({ high, low }, stage) =>
      (table[stage] ?? []).map(({ loss, measured }, level) => [stage, high, low, level, loss, measured]),
    ),
  };
}

interface Method {
  readonly id: string;
  readonly schedule?: { readonly levels: readonly Level[] } | undefined;
  readonly sparsity: Ratio;
  /** Of a whole trajectory of one picture. */
  readonly macs: Macs;
  /** On the probes. */
  readonly fitness: number;
  readonly heldOut: { readonly mean: number; readonly low: number; readonly high: number };
}
interface Front {
  readonly dense: Method;
  readonly points: readonly { readonly target: Ratio; readonly methods: readonly Method[] }[];
}

/** One row for each method at each target; the dense model's target is 0. */
export function frontSheet({ dense, points }: Front): Sheet {
  const row = (target: Ratio, { id, schedule, sparsity, macs, fitness, heldOut }: Method) => {
    const { mean, low, high } = heldOut;
    return [target, id, sparsity, macs, fitness, mean, low, high, schedule?.levels.join(" ")];
  };
  return {
    head: ["target", "method", "sparsity", "macs", "fitness", "held_out", "low", "high", "levels"],
    rows: [row(0, dense), ...points.flatMap(({ target, methods }) => methods.map((method) => row(target, method)))],
  };
}
