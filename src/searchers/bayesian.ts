// Bayesian optimisation: a Gaussian process learns from every schedule that was scored, starting from what pruning each
// stage alone costs, and asks for those that may be the best (Thompson sampling among mutants of the fittest). Our
// addition to Diff-ES; its budget, its levels, its moves. `bench search-cost` says how many calls it spares.

import type { StageLosses } from "../core/additive.ts";
import { fitProcess } from "../core/gaussian-process.ts";
import { checkOptions, type OptionSpec } from "../core/options.ts";
import { type Stream, stream } from "../core/rng.ts";
import { scheduleKey } from "../core/schedule.ts";
import type { LevelSpace } from "../core/space.ts";
import type { Level } from "../core/tensor.ts";
import { newChildren } from "./parts/offspring.ts";
import { mutationOptions, sizeOptions, tableOptions } from "./parts/options.ts";
import { rounds, type Scored } from "./parts/rounds.ts";
import { bestOfModel, tableAsks, tableLosses } from "./parts/sensitivity.ts";
import { checkStart, distinct, uniformAnd } from "./parts/start.ts";
import type { Candidate, Searcher } from "./searcher.ts";

const options = {
  generations: { ...sizeOptions.generations, default: 30 },
  offspring: { ...sizeOptions.offspring, default: 6 },
  survivors: { ...mutationOptions.survivors, default: 8 },
  maxMove: { ...mutationOptions.maxMove, default: 12 },
  mutations: { ...mutationOptions.mutations, default: 3 },
  levels: { ...tableOptions.levels, default: 6 },
} as const satisfies OptionSpec;

/** Mutants whose fitness is expected, and of these the best whose joint fitness is drawn. */
const MUTANTS = 600;
const DRAWN = 150;
/** Levels, as a share of a stage's, by which parents differ at least: the fittest alone are all of one kind. */
const APART = 0.5;
/** Samples that the process is fitted to: the fittest. Its time grows with their cube. */
const SAMPLES = 256;

export const bayesian: Searcher = {
  label: "Bayesian",
  help: "A Gaussian process, started from what pruning each stage alone costs, asks for the schedules that may be the best.",
  options,
  start(space, given, seed, warm = [], snapshot) {
    const chosen = checkOptions("bayesian", options, given);
    checkStart("bayesian", space, warm);
    const asks = tableAsks(space, chosen.levels);
    const random = stream(seed, "bayesian");
    return rounds(
      {
        name: "bayesian",
        survivors: chosen.survivors,
        random: [random],
        propose({ generation, scored }, scores) {
          const table = tableLosses(asks, scores, space);
          if (!table) return asks;
          if (generation === 0) return founders(table, uniformAnd(space, warm), space, chosen.offspring, random);
          if (generation === chosen.generations) return undefined;
          const samples = fittest(scored);
          const parents = unlike(samples, chosen.survivors, APART * space.maxLevel);
          const mutants = newChildren(MUTANTS, parents, scores, space, chosen, random);
          const born = promising(mutants, chosen.offspring, samples.slice(0, SAMPLES), table, random);
          return born.length > 0 ? born : undefined;
        },
      },
      space,
      snapshot,
    );
  },
  evaluations(space, given) {
    const { generations, offspring, levels } = checkOptions("bayesian", options, given);
    return tableAsks(space, levels).length + generations * offspring;
  },
  generations: (_space, given) => checkOptions("bayesian", options, given).generations,
};

/** Known schedules, the table's best, and those of tables whose stages weigh more or less, up to twice. */
function founders(
  table: StageLosses,
  known: readonly Candidate[],
  space: LevelSpace,
  count: number,
  random: Stream,
): Candidate[] {
  const born = distinct([...known, ...bestOfModel(table, space, 1, new Set())]).slice(0, count);
  const taken = new Set(born.map(({ levels }) => scheduleKey(levels)));
  while (born.length < count) {
    const weighed = table.map((losses) => {
      const share = random.uniform();
      return losses.map((loss) => (loss * (1 + share)) / (2 - share));
    });
    const [next] = bestOfModel(weighed, space, 1, taken);
    if (!next) break; // every schedule there is
    taken.add(scheduleKey(next.levels));
    born.push(next);
  }
  return born;
}

/** Of each draw the best that no draw before it has chosen. */
function promising(
  mutants: readonly Candidate[],
  count: number,
  samples: readonly Scored[],
  table: StageLosses,
  random: Stream,
): Candidate[] {
  const process = fitProcess(samples, table);
  const expected = process.expected(mutants.map(({ levels }) => levels));
  const best = [...mutants.keys()].sort((a, b) => (expected[b] as number) - (expected[a] as number)).slice(0, DRAWN);
  const drawn = best.map((index) => mutants[index] as Candidate);
  const chosen = new Set<Candidate>();
  for (const draw of process.draw(
    drawn.map(({ levels }) => levels),
    Math.min(count, drawn.length),
    random,
  )) {
    const order = [...drawn.keys()].sort((a, b) => (draw[b] as number) - (draw[a] as number));
    const next = order.find((index) => !chosen.has(drawn[index] as Candidate)) as number;
    chosen.add(drawn[next] as Candidate);
  }
  return [...chosen];
}

/** Schedules on the budget, the fittest first. */
function fittest(scored: readonly Scored[]): Scored[] {
  return scored.filter(({ partial }) => !partial).sort((a, b) => b.fitness - a.fitness);
}

/** The first, and those after it that differ from all chosen ones by more than so many levels. */
function unlike(samples: readonly Scored[], count: number, levels: number): Scored[] {
  const chosen: Scored[] = [];
  for (const sample of samples) {
    if (chosen.length === count) break;
    if (chosen.every((other) => distance(sample.levels, other.levels) > levels)) chosen.push(sample);
  }
  return chosen;
}

function distance(a: readonly Level[], b: readonly Level[]): number {
  return a.reduce((sum, level, stage) => sum + Math.abs(level - (b[stage] as Level)), 0);
}
