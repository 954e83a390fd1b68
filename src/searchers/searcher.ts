// Ask/tell: a searcher proposes schedules and is told their fitness. It is synchronous and knows nothing
// of models, so it is tested on synthetic landscapes; the engine owns awaiting, caching and cancelling.

import type { Move } from "../core/moves.ts";
import type { OptionValues } from "../core/options.ts";
import type { Method } from "../core/shelf.ts";
import type { LevelSpace } from "../core/space.ts";
import type { Level } from "../core/tensor.ts";

export interface Evaluated {
  readonly levels: readonly Level[];
  /** Always maximised. */
  readonly fitness: number;
}

/** Where a candidate came from: shown as genealogy. */
export interface Origin {
  /** "uniform", a pattern's name, "random", "warm", "mutation", "probe" (evidence), "model", "greedy" or "injected". */
  readonly kind: string;
  readonly parent?: readonly Level[];
  /** Of a child that is one move away from its parent. */
  readonly move?: Move;
}

export interface Candidate {
  readonly levels: readonly Level[];
  readonly origin: Origin;
  /** Off the budget: asked for what it tells, never a winner. */
  readonly partial?: true;
}

export interface Member extends Evaluated {
  readonly origin: Origin;
  /** Its fitness is an estimate, because it was found out of reach of the survivors before it was scored whole. */
  readonly stopped?: true;
}

export interface Generation {
  /** 0 = the initial population. */
  readonly index: number;
  /** Best first; stable, older wins ties. Those that were stopped come last. */
  readonly population: readonly Member[];
  readonly survivors: number;
}

/** A running search. Plain data in, plain data out. */
export interface Search {
  /** The schedules of this round that still need a fitness; empty when done, or when all are known. */
  ask(): readonly Candidate[];
  /**
   * Fitness of all asked schedules, same order. Returns the finished generation, undefined after a round of partial
   * candidates only.
   * @param stopped those of the asked whose fitness is an estimate: they tell something and never survive
   * @throws invalid-input
   */
  tell(fitness: readonly number[], stopped?: ReadonlySet<Candidate>): Generation | undefined;
  /**
   * Has a schedule that the searcher did not propose join this round, unless it was scored already. False when the round
   * makes no generation: then it can join a later one.
   * @throws invalid-input when it is none of the space
   */
  inject(levels: readonly Level[]): boolean;
  /** How many stay after a generation, if there are so many. */
  readonly survivors: number;
  readonly done: boolean;
  readonly best: Evaluated | undefined;
  /** JSON; `start` with it continues exactly here, or takes another course with another seed or other options. */
  snapshot(): unknown;
}

export interface Searcher extends Method {
  /**
   * @param seed one 32-bit integer; all draws follow from it
   * @param warm schedules of this space to start from
   * @param snapshot of a search in the same space
   * @throws budget-unreachable, invalid-input, invalid-option; corrupt-data when the snapshot is none of this space
   */
  start(
    space: LevelSpace,
    options: OptionValues,
    seed: number,
    warm?: readonly (readonly Level[])[],
    snapshot?: unknown,
  ): Search;
  /** How many evaluations a full run asks for at most. */
  evaluations(space: LevelSpace, options: OptionValues): number;
  /** How many generations a full run takes, about: for axes and estimates. */
  generations(space: LevelSpace, options: OptionValues): number;
}
