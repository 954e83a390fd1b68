// Where a schedule came from, in words.

import { plural } from "../core/format.ts";
import { type Change, changesBetween } from "../core/moves.ts";
import type { ScoredSchedule } from "../engine/api.ts";

const labels: Readonly<Record<string, string>> = {
  uniform: "Uniform",
  random: "Random",
  warm: "Earlier winner",
  mutation: "Mutation",
  model: "Model",
  greedy: "Greedy",
  injected: "By hand",
  logged: "Not logged",
};

/** Everything else is the name of a starting pattern (Diff-ES §3.2). */
export function originLabel(kind: string): string {
  return labels[kind] ?? `Pattern ${kind.replaceAll("_", " ")}`;
}

/** "stage 3 → 7, 2 levels", or every stage that changed; stages count from 1. Empty for a founder and for a copy. */
export function moveText({ origin, levels }: Pick<ScoredSchedule, "origin" | "levels">): string {
  return origin.parent ? changesText(changesBetween(origin.parent, levels)) : "";
}

export function changesText(changes: readonly Change[]): string {
  const [lost, ...otherLosses] = changes.filter(({ by }) => by < 0);
  const [gained, ...otherGains] = changes.filter(({ by }) => by > 0);
  if (lost && gained && otherLosses.length + otherGains.length === 0) {
    const way = `stage ${lost.stage + 1} → ${gained.stage + 1}`;
    // Stages that differ in steps exchange unequal numbers of levels.
    return -lost.by === gained.by
      ? `${way}, ${plural(gained.by, "level")}`
      : `${way}, −${-lost.by} +${gained.by} levels`;
  }
  return changes.map(({ stage, by }) => `stage ${stage + 1} ${by < 0 ? "−" : "+"}${Math.abs(by)}`).join(", ");
}
