// Rows of the same name, one per seed, as a line of the table: the mean of every figure and its 95 % interval.

import { meanInterval } from "../../../engine/verdict.ts";
import type { MeasuredRow } from "./table.ts";

export interface Spread {
  readonly mean: number;
  /** Half of the 95 % interval (Student's t); absent for one seed. */
  readonly reach?: number;
}

export interface Summary {
  readonly cells: readonly string[];
  readonly seeds: number;
  readonly macs: Spread;
  /** By metric id. */
  readonly values: Readonly<Record<string, Spread>>;
}

/** In the order of the first rows. */
export function summaryOf(rows: readonly MeasuredRow[]): Summary[] {
  const groups = new Map<string, MeasuredRow[]>();
  for (const row of rows) {
    const key = JSON.stringify(row.cells);
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return [...groups.values()].map((group) => {
    const [first] = group as [MeasuredRow];
    const ids = Object.keys(first.values).filter((id) => group.every(({ values }) => id in values));
    return {
      cells: first.cells,
      seeds: group.length,
      macs: spreadOf(group.map(({ macs }) => macs)),
      values: Object.fromEntries(ids.map((id) => [id, spreadOf(group.map(({ values }) => values[id] as number))])),
    };
  });
}

export function spreadOf(values: readonly number[]): Spread {
  const { mean, high } = meanInterval(values);
  return Number.isFinite(high) ? { mean, reach: high - mean } : { mean };
}
