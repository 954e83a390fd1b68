// Keys of storage: their order, their prefixes and the concerns they belong to. Every adapter agrees on these, and
// IndexedDB's own order of array keys is the model: numbers before strings, a prefix before what it begins.

import type { Key } from "./storage.ts";

/**
 * What is kept apart: a cache that can be loaded again, two that can be computed again (scores of schedules take the
 * longest), and what cannot be made again.
 */
export const CONCERNS = ["weights", "bank", "evaluations", "runs"] as const;
export type Concern = (typeof CONCERNS)[number];

/** @throws Error when the key names no concern: a bug of the caller, not bad input. */
export function concernOf(key: Key): Concern {
  const concern = CONCERNS.find((known) => known === key[0]);
  if (!concern) throw new Error(`storage: key [${key.join(", ")}] begins with none of ${CONCERNS.join(", ")}`);
  return concern;
}

/** The concern that all keys share. @throws Error when they do not: a call is atomic within one concern only. */
export function sharedConcern(keys: readonly Key[]): Concern | undefined {
  const concerns = new Set(keys.map(concernOf));
  if (concerns.size > 1)
    throw new Error(`storage: one call touches ${[...concerns].join(" and ")}; ask for them apart`);
  return [...concerns][0];
}

export function hasPrefix(key: Key, prefix: Key): boolean {
  return prefix.length <= key.length && prefix.every((part, i) => part === key[i]);
}

/** Negative when `a` comes first. */
export function compareKeys(a: Key, b: Key): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const order = compareParts(a[i] as string | number, b[i] as string | number);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

function compareParts(a: string | number, b: string | number): number {
  if (typeof a !== typeof b) return typeof a === "number" ? -1 : 1;
  return a < b ? -1 : a > b ? 1 : 0;
}
