// Synthetic fitness over level vectors, and a search that climbs it: how searchers are tested without a model.

import { stream } from "../core/rng.ts";
import type { LevelSpace } from "../core/space.ts";
import type { Generation, Search } from "../searchers/searcher.ts";

export type Landscape = (levels: readonly number[]) => number;

/** Where levels alone count. */
export function spaceOf(numStages: number, maxLevel: number, budget: number): LevelSpace {
  return { numStages, maxLevel, budget };
}

/** Distance to a best schedule, stage by stage, with different weights: separable, one optimum of fitness 0. */
export function towards(best: readonly number[]): Landscape {
  return (levels) => -levels.reduce((sum, level, s) => sum + (s + 1) * (level - (best[s] as number)) ** 2, 0);
}

/** No structure at all, with many ties. */
export const rugged: Landscape = (levels) => levels.reduce((hash, level) => (hash * 31 + level * 7 + 3) % 11, 1);

/** Convex losses of the stages, of different size and bend: what pruning one stage costs. [stages][maxLevel + 1] */
export function stageLosses({ numStages, maxLevel }: LevelSpace, seed: number): number[][] {
  const random = stream(seed, "losses");
  return Array.from({ length: numStages }, () => {
    const [size, bend] = [0.2 + random.exponential(), 1.2 + 2 * random.uniform()];
    return Array.from({ length: maxLevel + 1 }, (_, level) => size * (level / maxLevel) ** bend);
  });
}

/** Fitness 1 - the sum of the stages' losses. */
export function additive(losses: readonly (readonly number[])[]): Landscape {
  return (levels) => 1 - levels.reduce((sum, level, s) => sum + (losses[s]?.[level] as number), 0);
}

/** The same, where two pruned neighbours cost `strength` of their losses' geometric mean more than each alone. */
export function interacting(losses: readonly (readonly number[])[], strength: number): Landscape {
  const alone = additive(losses);
  return (levels) => {
    const of = (s: number) => losses[s]?.[levels[s] as number] as number;
    return alone(levels) - levels.slice(1).reduce((sum, _, s) => sum + strength * Math.sqrt(of(s) * of(s + 1)), 0);
  };
}

/** The same fitness in steps of `grain`. */
export function plateaus(landscape: Landscape, grain: number): Landscape {
  return (levels) => grain * Math.floor(landscape(levels) / grain);
}

/** The same with an error that every schedule keeps. */
export function noisy(landscape: Landscape, sigma: number): Landscape {
  return (levels) => landscape(levels) + sigma * stream(7, "noise", ...levels).normal();
}

/** Tells a search what it asks for, until it is done or has told so many rounds. */
export function climb(search: Search, landscape: Landscape, until = Infinity): Generation[] {
  const generations: Generation[] = [];
  for (let told = 0; !search.done && told < until; told++) {
    const finished = search.tell(search.ask().map(({ levels }) => landscape(levels)));
    if (finished) generations.push(finished);
  }
  return generations;
}
