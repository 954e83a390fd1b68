// The paper's evolutionary search (Diff-ES §3.2): keep the best few schedules, fill the population with copies of
// them in which some levels moved from one stage to another, so the budget never changes. Truncation selection with
// elitism; no crossover. Where we differ from the authors' code: survivors keep their fitness instead of being scored
// again (scoring is deterministic), and children that were already scored are replaced unless `duplicates` is "keep".

import { StudioError } from "../core/errors.ts";
import { type Move, moved, nearestNew, randomMoves } from "../core/moves.ts";
import { checkOptions, type OptionSpec, type ValuesOf } from "../core/options.ts";
import { gammaLevels, patternLevels, patternNames, uniformLevels } from "../core/patterns.ts";
import { type Stream, stream } from "../core/rng.ts";
import { checkLevels, scheduleKey } from "../core/schedule.ts";
import type { Level } from "../core/tensor.ts";
import type { Candidate, Generation, Search, Searcher, SearchSpace } from "./searcher.ts";

const options = {
  generations: {
    kind: "integer",
    label: "Generations",
    help: "How often the population is selected; the paper uses 100.",
    default: 100,
    min: 1,
    max: 10_000,
  },
  offspring: {
    kind: "integer",
    label: "Offspring",
    help: "New schedules in every generation.",
    default: 16,
    min: 1,
    max: 1024,
  },
  survivors: {
    kind: "integer",
    label: "Survivors",
    help: "Best schedules that stay and become parents.",
    default: 4,
    min: 1,
    max: 1024,
  },
  maxMove: {
    kind: "integer",
    label: "Largest move",
    help: "Levels that one mutation takes from a stage and gives to another, at most.",
    default: 5,
    min: 1,
    max: 1024,
    unit: "levels",
  },
  mutations: {
    kind: "integer",
    label: "Mutations",
    help: "Moves per child, at most; small numbers are more likely.",
    default: 1,
    min: 1,
    max: 64,
  },
  start: {
    kind: "choice",
    label: "Start",
    help: "Hybrid: uniform, MosaicDiff and every pattern, then random schedules.",
    default: "hybrid",
    choices: ["hybrid", "uniform", "random"],
  },
  rounding: {
    kind: "choice",
    label: "Rounding",
    help: "How starting schedules become whole levels: fairly, or as the authors' code does.",
    default: "largest-remainder",
    choices: ["largest-remainder", "reference"],
  },
  duplicates: {
    kind: "choice",
    label: "Duplicates",
    help: "Skip proposes only schedules that were never scored; keep follows the paper.",
    default: "skip",
    choices: ["skip", "keep"],
  },
} as const satisfies OptionSpec;

type Options = ValuesOf<typeof options>;
type Member = Generation["population"][number];

/** All that a search remembers between generations; the schedules it asks for follow from it. */
interface State {
  /** Generation that is asked for now. */
  readonly generation: number;
  /** Best first; empty at generation 0. */
  readonly parents: readonly Member[];
  /** Keys of all schedules that were scored. */
  readonly scored: readonly string[];
  /** Of the random stream, before this generation's draws. */
  readonly position: number;
}

export const evolution: Searcher = {
  label: "Evolution",
  help: "The paper's search: the best schedules survive, their children move a few levels between two stages.",
  options,
  start(space, given, seed, warm = [], snapshot) {
    const chosen = checkOptions("evolution", options, given);
    checkSpace(space);
    for (const levels of warm) checkMember("evolution: warm start", levels, space);
    const random = stream(seed, "evolution");
    const state =
      snapshot === undefined ? { generation: 0, parents: [], scored: [], position: 0 } : restore(snapshot, space);
    return search(space, chosen, random, warm, state);
  },
  evaluations(_space, given) {
    const { generations, offspring, survivors } = checkOptions("evolution", options, given);
    return survivors + generations * offspring;
  },
};

function search(
  space: SearchSpace,
  chosen: Options,
  random: Stream,
  warm: readonly (readonly Level[])[],
  initial: State,
): Search {
  const propose = ({ generation, position, parents, scored }: State): readonly Candidate[] => {
    random.seek(position);
    if (generation === 0) return firstGeneration(space, chosen, random, warm);
    return generation < chosen.generations ? children(space, chosen, random, parents, scored) : [];
  };
  let state = initial;
  let asked = propose(state);

  return {
    ask: () => asked,
    tell(fitness) {
      checkFitness(fitness, asked);
      const offspring = asked.map((candidate, i) => ({ ...candidate, fitness: fitness[i] as number }));
      // sorting is stable and parents come first: among equals the older one stays
      const population = [...state.parents, ...offspring].sort((a, b) => b.fitness - a.fitness);
      const survivors = Math.min(chosen.survivors, population.length);
      const finished = { index: state.generation, population, survivors };
      state = {
        generation: state.generation + 1,
        parents: population.slice(0, survivors),
        scored: [...new Set([...state.scored, ...asked.map(({ levels }) => scheduleKey(levels))])],
        position: random.position,
      };
      asked = propose(state);
      return finished;
    },
    get done() {
      return asked.length === 0;
    },
    get best() {
      return state.parents[0]; // parents never leave for an equal, so it is the first that reached the highest fitness
    },
    snapshot: () => state,
  };
}

/** Survivors + offspring different schedules, or as many as the space holds. */
function firstGeneration(
  space: SearchSpace,
  { start, rounding, survivors, offspring, maxMove }: Options,
  random: Stream,
  warm: readonly (readonly Level[])[],
): Candidate[] {
  const size = survivors + offspring;
  const found = new Map<string, Candidate>();
  const add = (kind: string, levels: readonly Level[]) => {
    const key = scheduleKey(levels);
    if (found.size < size && !found.has(key)) found.set(key, { levels, origin: { kind } });
  };
  if (start !== "random") add("uniform", uniformLevels(space));
  if (start === "hybrid") {
    for (const levels of warm) add("warm", levels);
    for (const name of patternNames) add(name, patternLevels(name, space, rounding));
  }
  for (let tries = 50 * size; tries > 0 && found.size < size; tries--)
    add("random", gammaLevels(random, space, rounding));
  while (found.size < size) {
    const roots = [...found.values()].map(({ levels }) => levels);
    const fresh = nearestNew(roots, found, space, maxMove, random);
    if (!fresh) break;
    add("random", fresh.levels);
  }
  return [...found.values()];
}

function children(
  space: SearchSpace,
  { offspring, mutations, maxMove, duplicates }: Options,
  random: Stream,
  parents: readonly Member[],
  scored: readonly string[],
): Candidate[] {
  const taken = new Set(scored);
  const mutate = (): Candidate => {
    const parent = (parents[random.below(parents.length)] as Member).levels;
    const moves = randomMoves(parent, space, { mutations, maxMove }, random);
    return child(parent, moves.reduce(moved, [...parent]), moves);
  };
  const mutateToNew = (): Candidate | undefined => {
    for (let tries = 64; tries > 0; tries--) {
      const candidate = mutate();
      if (!taken.has(scheduleKey(candidate.levels))) return candidate;
    }
    const roots = parents.map(({ levels }) => levels);
    const fresh = nearestNew(roots, taken, space, maxMove, random);
    return fresh && child(fresh.parent, fresh.levels, [fresh.move]);
  };
  const born: Candidate[] = [];
  while (born.length < offspring) {
    const next = duplicates === "keep" ? mutate() : mutateToNew();
    if (!next) break; // every schedule there is has been scored
    taken.add(scheduleKey(next.levels));
    born.push(next);
  }
  return born;
}

function child(parent: readonly Level[], levels: readonly Level[], [move, ...more]: readonly Move[]): Candidate {
  const origin = { kind: "mutation", parent };
  return { levels, origin: move && more.length === 0 ? { ...origin, move } : origin };
}

function checkSpace({ numStages, maxLevel, budget }: SearchSpace): void {
  if (!(Number.isInteger(budget) && budget >= 0 && budget <= numStages * maxLevel))
    throw new StudioError(
      "budget-unreachable",
      `evolution: a budget of ${budget} levels; ${numStages} stages of 0 … ${maxLevel} hold 0 … ${numStages * maxLevel}`,
      { budget, numStages, maxLevel },
    );
}

function checkMember(where: string, levels: readonly Level[], { numStages, maxLevel, budget }: SearchSpace): void {
  checkLevels(where, levels, numStages, maxLevel);
  const sum = levels.reduce((total, level) => total + level, 0);
  if (sum !== budget)
    throw new StudioError("invalid-input", `${where}: [${levels.join(", ")}] sums to ${sum}; the budget is ${budget}`);
}

function checkFitness(fitness: readonly number[], asked: readonly Candidate[]): void {
  if (fitness.length !== asked.length)
    throw new StudioError("invalid-input", `evolution: ${fitness.length} fitness values for ${asked.length} schedules`);
  const wrong = fitness.findIndex((value) => !Number.isFinite(value));
  if (wrong >= 0)
    throw new StudioError(
      "invalid-input",
      `evolution: the fitness of [${asked[wrong]?.levels.join(", ")}] is ${fitness[wrong]}; it must be finite`,
    );
}

/** @throws corrupt-data when it is no snapshot of a search in this space. */
function restore(snapshot: unknown, space: SearchSpace): State {
  const state = snapshot as State;
  try {
    if (!Number.isInteger(state.generation) || !Number.isSafeInteger(state.position) || !Array.isArray(state.scored))
      throw new Error("not a snapshot");
    if (state.generation > 0 !== state.parents.length > 0) throw new Error(`${state.parents.length} survivors`);
    for (const { levels, fitness } of state.parents) {
      checkMember("parent", levels, space);
      if (!Number.isFinite(fitness)) throw new Error(`fitness ${fitness}`);
    }
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new StudioError(
      "corrupt-data",
      `evolution: cannot continue from this snapshot (${reason}); start again`,
      {},
      { cause },
    );
  }
  return state;
}
