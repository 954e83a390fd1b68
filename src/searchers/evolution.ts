// The paper's evolutionary search (Diff-ES §3.2): keep the best few schedules, fill the population with copies of
// them in which some levels moved from one stage to another, so the budget never changes. Truncation selection with
// elitism; no crossover. Where we differ from the authors' code: children that were already scored are replaced, and
// starting schedules are rounded fairly. The variant "official-compat" repeats their code instead, draw by draw.

import { checkOptions, type OptionSpec, type ValuesOf } from "../core/options.ts";
import { type Stream, stream } from "../core/rng.ts";
import { checkMember, checkSpace, type LevelSpace } from "../core/space.ts";
import type { Level } from "../core/tensor.ts";
import { officialStrategy } from "./parts/official.ts";
import { newChildren } from "./parts/offspring.ts";
import { rounds, type Strategy } from "./parts/rounds.ts";
import { knownStarts, randomStarts } from "./parts/start.ts";
import type { Candidate, Searcher } from "./searcher.ts";

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
  variant: {
    kind: "choice",
    label: "Variant",
    help: "Official-compat repeats the authors' code draw by draw: its generators, its rounding, and its duplicates.",
    default: "studio",
    choices: ["studio", "official-compat"],
  },
} as const satisfies OptionSpec;

type Options = ValuesOf<typeof options>;

export const evolution: Searcher = {
  label: "Evolution",
  help: "The paper's search: the best schedules survive, their children move a few levels between two stages.",
  options,
  start(space, given, seed, warm = [], snapshot) {
    const chosen = checkOptions("evolution", options, given);
    checkSpace("evolution", space);
    for (const levels of warm) checkMember("evolution: warm start", levels, space);
    const strategy =
      chosen.variant === "official-compat"
        ? officialStrategy("evolution", space, chosen, seed)
        : studioStrategy(space, chosen, seed, warm);
    return rounds(strategy, space, snapshot);
  },
  evaluations(_space, given) {
    const { generations, offspring, survivors } = checkOptions("evolution", options, given);
    return survivors + generations * offspring;
  },
  generations: (_space, given) => checkOptions("evolution", options, given).generations,
};

function studioStrategy(
  space: LevelSpace,
  chosen: Options,
  seed: number,
  warm: readonly (readonly Level[])[],
): Strategy {
  const random = stream(seed, "evolution");
  return {
    name: "evolution",
    survivors: chosen.survivors,
    random: [random],
    propose({ generation, survivors }, scores) {
      if (generation === 0) return firstGeneration(space, chosen, random, warm);
      if (generation === chosen.generations) return undefined;
      const born = newChildren(chosen.offspring, survivors, scores, space, chosen, random);
      return born.length > 0 ? born : undefined;
    },
  };
}

/** Survivors + offspring different schedules, or as many as the space holds. */
function firstGeneration(
  space: LevelSpace,
  { start, survivors, offspring, maxMove }: Options,
  random: Stream,
  warm: readonly (readonly Level[])[],
): Candidate[] {
  const size = survivors + offspring;
  const known = knownStarts(space, warm).slice(0, start === "hybrid" ? size : start === "uniform" ? 1 : 0);
  const taken = known.map(({ levels }) => levels);
  return [...known, ...randomStarts(space, size - known.length, taken, maxMove, random)];
}
