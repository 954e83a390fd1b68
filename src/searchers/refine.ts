// Evolution from coarse to fine: stages are first tied in groups that share their level, and the groups are split in two
// whenever a phase ends (5, 10, 20 stages). Every schedule is one of the fine space, so what a phase found is where the
// next one goes on. More stages allow better schedules and take longer to find (Diff-ES, appendix on stages).

import { checkOptions, type OptionSpec } from "../core/options.ts";
import { apportion } from "../core/patterns.ts";
import { stream } from "../core/rng.ts";
import { scheduleKey } from "../core/schedule.ts";
import { keepsBudget, type LevelSpace, stepsOf } from "../core/space.ts";
import type { Level } from "../core/tensor.ts";
import { newChildren } from "./parts/offspring.ts";
import { mutationOptions, sizeOptions } from "./parts/options.ts";
import { rounds } from "./parts/rounds.ts";
import { checkStart, distinct, filled, patterns, uniformAnd } from "./parts/start.ts";
import type { Candidate, Searcher } from "./searcher.ts";

const options = {
  stagesFrom: {
    kind: "integer",
    label: "First stages",
    help: "Groups of stages at the beginning, at least; stages are halved as long as they can be.",
    default: 5,
    min: 1,
    max: 1024,
    unit: "stages",
  },
  ...sizeOptions,
  generations: { ...sizeOptions.generations, help: "Of each phase; then every group of stages is split.", default: 30 },
  ...mutationOptions,
} as const satisfies OptionSpec;

export const refine: Searcher = {
  label: "Refine",
  help: "Evolves few stages first, then splits each in two and goes on from there.",
  options,
  start(space, given, seed, warm = [], snapshot) {
    const chosen = checkOptions("refine", options, given);
    checkStart("refine", space, warm);
    const random = stream(seed, "refine");
    const phases = groupCounts(space.numStages, chosen.stagesFrom).map((count) => tied(space, count));
    const { survivors: kept, offspring } = chosen;

    const firstGeneration = ({ coarse, of, lift }: Tied): Candidate[] => {
      const known = [...uniformAnd(coarse, warm.map(of)), ...patterns(coarse)];
      return distinct(filled(known, kept + offspring, coarse, chosen.maxMove, random).map(lift));
    };
    return rounds(
      {
        name: "refine",
        survivors: kept,
        random: [random],
        propose({ generation, survivors, scored }) {
          if (generation === 0) return firstGeneration(phases[0] as Tied);
          if (generation === phases.length * chosen.generations) return undefined;
          // a phase whose schedules are all scored has nothing to ask, and the next one begins
          for (const { coarse, of, lift } of phases.slice(Math.floor(generation / chosen.generations))) {
            const parents = survivors.map((member) => ({ ...member, levels: of(member.levels) }));
            const taken = new Set(scored.map(({ levels }) => scheduleKey(of(levels))));
            const born = newChildren(offspring, parents, taken, coarse, chosen, random);
            if (born.length > 0) return distinct(born.map(lift));
          }
          return undefined;
        },
      },
      space,
      snapshot,
    );
  },
  evaluations(space, given) {
    const { survivors, offspring } = checkOptions("refine", options, given);
    return survivors + refine.generations(space, given) * offspring;
  },
  generations(space, given) {
    const { stagesFrom, generations } = checkOptions("refine", options, given);
    return groupCounts(space.numStages, stagesFrom).length * generations;
  },
};

/** Rising numbers of groups, each twice the one before; the last is the number of stages. */
function groupCounts(numStages: number, from: number): number[] {
  return numStages % 2 === 0 && numStages / 2 >= from ? [...groupCounts(numStages / 2, from), numStages] : [numStages];
}

/** The space of groups of equally many stages, and the way there and back. */
interface Tied {
  readonly coarse: LevelSpace;
  /** Mean levels of the groups, as near as the coarse budget allows. */
  of(levels: readonly Level[]): Level[];
  /** The group's level in each of its stages. */
  lift(candidate: Candidate): Candidate;
}

function tied(space: LevelSpace, count: number): Tied {
  const { numStages, stepsPerStage, budget } = space;
  if (count === numStages) return { coarse: space, of: (levels) => [...levels], lift: (candidate) => candidate };
  const size = numStages / count;
  const sums = (of: (stage: number) => number) =>
    Array.from({ length: count }, (_, group) =>
      Array.from({ length: size }, (_, i) => of(group * size + i)).reduce((sum, value) => sum + value, 0),
    );
  const steps = sums((stage) => stepsOf(space, stage));
  const coarse = stepsPerStage
    ? { ...space, numStages: count, stepsPerStage: steps }
    : { ...space, numStages: count, budget: Math.round(budget / size) };
  const fine = (levels: readonly Level[]): readonly Level[] => {
    const repeated = levels.flatMap((level) => new Array<Level>(size).fill(level));
    return keepsBudget(repeated, space) ? repeated : apportion(repeated, space); // groups do not divide every budget
  };
  return {
    coarse,
    of(levels) {
      const spent = sums((stage) => (levels[stage] as Level) * stepsOf(space, stage));
      return apportion(
        spent.map((sum, group) => sum / (steps[group] as number)),
        coarse,
      );
    },
    lift({ levels, origin: { kind, parent } }) {
      // a move of groups is no move of stages, so none is recorded
      return { levels: fine(levels), origin: parent ? { kind, parent: fine(parent) } : { kind } };
    },
  };
}
