// What the authors' released code really removes at a level, and how to tell it a schedule so that it runs what was
// meant (code of arXiv 2603.05105, commit 71c9af0, dit/).
//
// Its OBS reader wants the snapshot in which round(r n) of n structures are gone, r = level / maxLevel, and takes n from
// the first snapshot that it finds. Nothing is stored for level 0, so the first has lost a level already and n comes out
// a level too small; then the nearest snapshot is taken. So level 0 is not dense, upper levels remove a level less than
// they say, the top level leaves one, and half-way up heads and channels may round apart.

import { boundariesOf, maxLevelOf } from "../../core/levels.ts";
import { roundHalfEven } from "../../core/math.ts";
import type { Level, StageIndex } from "../../core/tensor.ts";
import type { Report } from "./folder.ts";
import type { Kind } from "./method.ts";
import { officialName } from "./stages.ts";

/** The sizes of a model that levels count in. */
export interface Sizes {
  readonly depth: number;
  readonly heads: number;
  /** Hidden channels of one MLP. */
  readonly channels: number;
}

/** What a level is a level of. */
export interface Scale {
  readonly method: string;
  readonly kind: Kind;
  readonly sizes: Sizes;
}

/** Counts by structure: `blocks`, or `heads` and `channels` of every block. */
export type Removed = Readonly<Record<string, number>>;

/** What levels are meant to remove. [maxLevel + 1] */
export function intendedRemovals(scale: Scale): readonly Removed[] {
  return removals(scale, (total, maxLevel) => boundariesOf(total, 1, maxLevel));
}

/** What levels make the authors' code remove. [maxLevel + 1] */
export function officialRemovals(scale: Scale): readonly Removed[] {
  if (scale.kind === "depth") return removals(scale, floored);
  return removals(scale, scale.method === "obs" ? nearestSnapshots : rounded);
}

/** Structures of `total` that are removed at each level. [maxLevel + 1] */
type Count = (total: number, maxLevel: Level) => ArrayLike<number>;

// In floating point, as there: a product that should be whole may fall just below.
const floored: Count = (total, maxLevel) => ratios(maxLevel).map((ratio) => Math.floor(total * ratio));
const rounded: Count = (total, maxLevel) => ratios(maxLevel).map((ratio) => roundHalfEven(ratio * total));
const nearestSnapshots: Count = (total, maxLevel) => {
  const [, ...stored] = boundariesOf(total, 1, maxLevel);
  const inferred = total - (stored[0] as number);
  return ratios(maxLevel).map((ratio) => {
    const wanted = roundHalfEven(ratio * inferred);
    return stored.reduce((best, k) => (Math.abs(k - wanted) < Math.abs(best - wanted) ? k : best));
  });
};

function ratios(maxLevel: Level): number[] {
  return Array.from({ length: maxLevel + 1 }, (_, level) => level / maxLevel);
}

function removals({ kind, sizes }: Scale, count: Count): readonly Removed[] {
  const { depth, heads, channels } = sizes;
  const maxLevel = maxLevelOf(sizes, kind);
  const totals = Object.entries(kind === "depth" ? { blocks: depth } : { heads, channels });
  const counts = totals.map(([structure, total]) => [structure, count(total, maxLevel)] as const);
  return ratios(maxLevel).map((_, level) =>
    Object.fromEntries(counts.map(([structure, removed]) => [structure, removed[level] as number])),
  );
}

/** A level that the authors' code has no level for. */
export interface Inexpressible {
  /** In sampling order. */
  readonly stage: StageIndex;
  readonly level: Level;
  /** The level that comes nearest. */
  readonly written: Level;
  readonly wanted: Removed;
  readonly removed: Removed;
}

export interface Translation {
  /** What to tell the authors' code, sampling order. */
  readonly levels: readonly Level[];
  readonly inexpressible: readonly Inexpressible[];
}

/** @param levels as they are meant, sampling order */
export function toOfficial(levels: readonly Level[], scale: Scale): Translation {
  const intended = intendedRemovals(scale);
  const official = officialRemovals(scale);
  const inexpressible: Inexpressible[] = [];
  const translated = levels.map((level, stage) => {
    const wanted = intended[level] as Removed;
    const distances = official.map((removed) => distance(removed, wanted, intended.at(-1) as Removed));
    const nearest = Math.min(...distances);
    // Of several that do, the one that says what it does.
    const candidates = distances.map((_, at) => at).filter((at) => distances[at] === nearest);
    const written = candidates.includes(level) ? level : (candidates[0] as Level);
    if (nearest > 0) inexpressible.push({ stage, level, written, wanted, removed: official[written] as Removed });
    return written;
  });
  return { levels: translated, inexpressible };
}

/**
 * The levels that are meant to remove what the authors' code removes at `levels`, both in sampling order. Stages in
 * which heads and channels would need different levels are reported.
 */
export function fromOfficial(levels: readonly Level[], scale: Scale, report: Report): Level[] {
  const intended = intendedRemovals(scale);
  const official = officialRemovals(scale);
  return levels.map((level, stage) => {
    const removed = official[level] as Removed;
    const meant = intended.findIndex((wanted) => Object.keys(wanted).every((key) => wanted[key] === removed[key]));
    if (meant < 0)
      report(
        `${officialName(stage, levels)} has level ${level}, at which ${spelled(removed)} are removed: no one level does`,
      );
    return meant;
  });
}

/** In shares of `all` structures. */
function distance(a: Removed, b: Removed, all: Removed): number {
  return Object.entries(all).reduce(
    (sum, [key, total]) => sum + Math.abs((a[key] as number) - (b[key] as number)) / total,
    0,
  );
}

/** "8 heads and 2016 channels" */
export function spelled(removed: Removed): string {
  const counts = Object.entries(removed).map(([structure, count]) => `${count} ${structure}`);
  return counts.join(" and ");
}
