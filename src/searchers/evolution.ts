// The paper's evolutionary search (Diff-ES §3.2): keep the best few schedules, fill the population with copies of
// them in which some levels moved from one stage to another, so the budget never changes. Truncation selection with
// elitism; no crossover. Where we differ from the authors' code: children that were already scored are replaced, and
// starting schedules are rounded fairly. The variant "official-compat" repeats their code instead, draw by draw. An
// additive model may find the start and screen the children (ours: parts/sensitivity.ts).

import type { StageLosses } from "../core/additive.ts";
import { checkOptions, type OptionSpec, type ValuesOf } from "../core/options.ts";
import { type Stream, stream } from "../core/rng.ts";
import type { LevelSpace } from "../core/space.ts";
import type { Level } from "../core/tensor.ts";
import { officialStrategy } from "./parts/official.ts";
import { newChildren } from "./parts/offspring.ts";
import { mutationOptions, sizeOptions, tableOptions } from "./parts/options.ts";
import { rounds, type Strategy } from "./parts/rounds.ts";
import { bestOfModel, modelOf, tableAsks, tableLosses } from "./parts/sensitivity.ts";
import { checkStart, filled, patterns, uniformAnd } from "./parts/start.ts";
import type { Candidate, Searcher } from "./searcher.ts";

const options = {
  ...sizeOptions,
  ...mutationOptions,
  start: {
    kind: "choice",
    label: "Start",
    help: "Hybrid: uniform, MosaicDiff and every pattern, then random schedules. Sensitivity: what pruning each stage alone suggests.",
    default: "hybrid",
    choices: ["hybrid", "uniform", "random", "sensitivity"],
  },
  ...tableOptions,
  screen: {
    kind: "integer",
    label: "Screen",
    help: "Mutants that are drawn for each child; an additive model of all scored schedules asks for the best. 1: no model.",
    default: 1,
    min: 1,
    max: 1024,
    unit: "mutants",
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
  equation: "ℓᵢ − m, ℓⱼ + m: the sum Σ ℓ stays",
  source: "Diff-ES §3.2",
  options,
  start(space, given, seed, warm = [], snapshot) {
    const chosen = checkOptions("evolution", options, given);
    checkStart("evolution", space, warm);
    const strategy =
      chosen.variant === "official-compat"
        ? officialStrategy("evolution", space, chosen, seed)
        : studioStrategy(space, chosen, seed, warm);
    return rounds(strategy, space, snapshot);
  },
  evaluations(space, given) {
    const { start, levels, generations, offspring, survivors } = checkOptions("evolution", options, given);
    const table = start === "sensitivity" ? tableAsks(space, levels).length : 0;
    return table + survivors + generations * offspring;
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
  const asks = chosen.start === "sensitivity" ? tableAsks(space, chosen.levels) : [];
  return {
    name: "evolution",
    survivors: chosen.survivors,
    random: [random],
    propose({ generation, survivors, scored }, scores) {
      const table = asks.length > 0 ? tableLosses(asks, scores, space) : undefined;
      if (asks.length > 0 && !table) return asks;
      if (generation === 0) return firstGeneration(space, chosen, random, warm, table);
      if (generation === chosen.generations) return undefined;
      const fit = chosen.screen > 1 ? modelOf(table, scored, space) : undefined;
      const screen = fit && { mutants: chosen.screen, losses: () => fit.draw(random) };
      const born = newChildren(chosen.offspring, survivors, scores, space, chosen, random, screen);
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
  table: StageLosses | undefined,
): Candidate[] {
  const size = survivors + offspring;
  const known = {
    hybrid: () => [...uniformAnd(space, warm), ...patterns(space)],
    uniform: () => uniformAnd(space, []),
    random: () => [],
    sensitivity: () => [...uniformAnd(space, warm), ...(table ? bestOfModel(table, space, size, new Set()) : [])],
  }[start]();
  return filled(known, size, space, maxMove, random);
}
