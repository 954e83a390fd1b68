// The authors' log does not say who came from whom. A child is a copy of a survivor with some levels moved (Diff-ES §3.2),
// so it is drawn from the survivor of the generation before that is fewest levels away; of equals from the fittest.

import type { Level } from "../../core/tensor.ts";
import type { LoggedGeneration, Scored } from "./evolution.ts";

export interface Descendant extends Scored {
  /** Undefined in the initial population. */
  readonly parent: readonly Level[] | undefined;
}

/** All schedules must have the same stages. */
export function withParents(
  generations: readonly LoggedGeneration[],
): { readonly population: readonly Descendant[]; readonly survivors: number }[] {
  return generations.map(({ population, survivors }, generation) => {
    const before = generations[generation - 1];
    const parents = before?.population.slice(0, before.survivors) ?? [];
    return { survivors, population: population.map((child) => ({ ...child, parent: nearest(child.levels, parents) })) };
  });
}

function nearest(levels: readonly Level[], parents: readonly Scored[]): readonly Level[] | undefined {
  const distances = parents.map((parent) => distance(levels, parent.levels));
  return parents[distances.indexOf(Math.min(...distances))]?.levels;
}

function distance(a: readonly Level[], b: readonly Level[]): number {
  return a.reduce((sum, level, stage) => sum + Math.abs(level - (b[stage] as Level)), 0);
}
