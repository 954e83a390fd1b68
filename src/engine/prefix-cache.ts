// Where trajectories are at stage borders. The sampler is deterministic and the noise fixed, so schedules that agree on their first
// stages share what comes of these to the bit, and a rollout starts at the longest beginning that any before it had. The
// beginnings form a tree by levels; each holds its last stage's places only, so that what is shared is kept once.

import { scheduleKey } from "../core/schedule.ts";
import type { Bytes, StageIndex, Tensor } from "../core/tensor.ts";
import { ByteCache } from "./byte-cache.ts";
import type { Place } from "./multistep.ts";
import { divisionOf, type OpenSchedule } from "./pipeline.ts";

/** A schedule, and the stage of each step. */
export interface Route {
  readonly schedule: OpenSchedule;
  readonly stages: readonly StageIndex[];
}

export interface Prefix {
  /** Steps that need not be run, at least one. */
  readonly steps: number;
  /** After each of these steps, or after the last alone. */
  readonly places: readonly Place<Tensor>[];
}

export class PrefixCache {
  /** By beginning: after each step of its last stage, or after the last step alone. */
  readonly #tree: ByteCache<readonly Place<Tensor>[]>;
  /** After every step of the dense model; not part of the budget. */
  #dense: readonly Place<Tensor>[] = [];

  constructor(budget: Bytes) {
    this.#tree = new ByteCache(budget);
  }

  /** The dense model's trajectory is what every schedule begins with whose first levels are 0. */
  keepDense(trajectory: readonly Place<Tensor>[]): void {
    this.#dense = trajectory;
  }

  /** Keeps what `reached` whole stages have come to: after each step of the last of them, or after its last. */
  keep(route: Route, reached: number, places: readonly Place<Tensor>[]): void {
    if (reached <= this.#denseStages(route)) return;
    const tensors = places.flatMap(({ latent, clean }) => (clean ? [latent, clean] : [latent]));
    const bytes = tensors.reduce((sum, { data }) => sum + data.byteLength, 0);
    this.#tree.set(keyOf(route, reached), places, bytes);
  }

  /** @param whole whether the places after every step are wanted, not only after the last */
  longest(route: Route, whole: boolean): Prefix | undefined {
    const dense = this.#denseStages(route);
    for (let reached = route.schedule.levels.length - 1; reached > 0; reached--) {
      const steps = route.stages.indexOf(reached);
      const places = whole ? this.#path(route, reached, dense) : this.#stage(route, reached, dense)?.slice(-1);
      if (places && (!whole || places.length === steps)) return { steps, places };
    }
    return undefined;
  }

  clear(): void {
    this.#tree.clear();
    this.#dense = [];
  }

  /** First stages that the dense model's trajectory holds; the last stage is always run. */
  #denseStages({ schedule: { levels } }: Route): number {
    const pruned = levels.findIndex((level) => level > 0);
    return this.#dense.length === 0 ? 0 : Math.min(pruned < 0 ? levels.length : pruned, levels.length - 1);
  }

  /** All places up to `reached` stages; too few when one stage was kept without those of every step. */
  #path(route: Route, reached: number, dense: number): readonly Place<Tensor>[] | undefined {
    const places: Place<Tensor>[] = [];
    // from the end, so that a stage which more schedules begin with is used later and leaves the cache later
    for (let stages = reached; stages > 0; stages--) {
      const own = this.#stage(route, stages, dense);
      if (!own) return undefined;
      places.unshift(...own);
    }
    return places;
  }

  /** Those of the last of `reached` stages. */
  #stage(route: Route, reached: number, dense: number): readonly Place<Tensor>[] | undefined {
    if (reached > dense) return this.#tree.get(keyOf(route, reached));
    return this.#dense.slice(route.stages.indexOf(reached - 1), route.stages.indexOf(reached));
  }
}

function keyOf({ schedule }: Route, reached: number): string {
  const borders = divisionOf(schedule)
    .slice(0, reached)
    .map(({ low }) => low);
  return `${schedule.bank.id}|${borders.join()}|${scheduleKey(schedule.levels.slice(0, reached))}`;
}
