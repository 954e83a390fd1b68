// Ask/tell: a searcher proposes schedules and is told their fitness. It is synchronous and knows nothing
// of models, so it is tested on synthetic landscapes; the engine owns awaiting, caching and cancelling.

import type { OptionValues } from "../core/options.ts";
import type { Method } from "../core/shelf.ts";
import type { Level } from "../core/tensor.ts";

/** What may be searched: level vectors of `numStages` entries in 0 … maxLevel whose sum is `budget`. */
export interface SearchSpace {
  readonly numStages: number;
  readonly maxLevel: Level;
  /** Conserved sum of levels. */
  readonly budget: number;
  /** Visited sampling steps in each stage. [numStages] */
  readonly stepsPerStage: readonly number[];
}

export interface Evaluated {
  readonly levels: readonly Level[];
  /** Always maximised. */
  readonly fitness: number;
}

/** Where a candidate came from: shown as genealogy. */
export interface Origin {
  /** "uniform", a pattern's name, "random", "warm" or "mutation". */
  readonly kind: string;
  readonly parent?: readonly Level[];
  /** Stages that lost and gained, and how many levels moved. */
  readonly move?: { readonly from: number; readonly to: number; readonly levels: number };
}

export interface Candidate {
  readonly levels: readonly Level[];
  readonly origin: Origin;
}

export interface Generation {
  /** 0 = the initial population. */
  readonly index: number;
  /** Best first; stable, older wins ties. */
  readonly population: readonly (Evaluated & { readonly origin: Origin })[];
  readonly survivors: number;
}

/** A running search. Plain data in, plain data out. */
export interface Search {
  /** The schedules of the current generation that still need a fitness; empty when done. */
  ask(): readonly Candidate[];
  /** Fitness of all asked schedules, same order. Returns the finished generation. */
  tell(fitness: readonly number[]): Generation;
  readonly done: boolean;
  readonly best: Evaluated | undefined;
  /** JSON; `start` with it continues exactly here. */
  snapshot(): unknown;
}

export interface Searcher extends Method {
  /**
   * @param seed one 32-bit integer; all draws follow from it
   * @throws budget-unreachable
   */
  start(
    space: SearchSpace,
    options: OptionValues,
    seed: number,
    warm?: readonly (readonly Level[])[],
    snapshot?: unknown,
  ): Search;
  /** How many evaluations a full run asks for at most. */
  evaluations(space: SearchSpace, options: OptionValues): number;
}
