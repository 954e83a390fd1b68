// How benches measure: warm up, interleave the variants so that a noisy machine disturbs all alike, report the median
// with the extremes, compare by ratio within one run. Device time ends at `download`.

import { median } from "../../core/median.ts";
import type { Ratio } from "../../core/tensor.ts";
import type { SearchResult } from "../../engine/api.ts";

export interface Timing {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  readonly runs: number;
}

/** Milliseconds of each variant over `rounds` interleaved rounds, after one warm-up round. */
export async function interleave<K extends string>(
  variants: Readonly<Record<K, () => Promise<void>>>,
  rounds: number,
): Promise<Record<K, Timing>> {
  const keys = Object.keys(variants) as K[];
  const times = Object.fromEntries(keys.map((key) => [key, [] as number[]])) as Record<K, number[]>;
  for (const key of keys) await variants[key]();
  for (let round = 0; round < rounds; round++)
    for (const key of keys) {
      const started = performance.now();
      await variants[key]();
      times[key].push(performance.now() - started);
    }
  return Object.fromEntries(keys.map((key) => [key, timing(times[key])])) as Record<K, Timing>;
}

export function timing(times: readonly number[]): Timing {
  return {
    median: round3(median(times)),
    min: round3(Math.min(...times)),
    max: round3(Math.max(...times)),
    runs: times.length,
  };
}

/** Of a search's time, what went by in its loop beside sampling, scoring and storing candidates. */
export function overheadOf({ times }: SearchResult): Ratio | undefined {
  return times?.overhead && round3(times.overhead / times.search);
}

export function round3(value: number): number {
  return Number(value.toPrecision(4));
}
