// Greedy search (Diff-ES, appendix F, which does not say how), in both readings. Constructive starts dense and prunes
// the stage that hurts least by one level more, until the budget is reached. Local starts uniform and makes the best of
// all smallest moves, as long as one improves.

import { moved, smallestMoves } from "../core/moves.ts";
import { checkOptions, type OptionSpec } from "../core/options.ts";
import { uniformLevels } from "../core/patterns.ts";
import { scheduleKey } from "../core/schedule.ts";
import { keepsBudget, type LevelSpace, stepsOf } from "../core/space.ts";
import type { Level } from "../core/tensor.ts";
import { rounds, type Scores, type Strategy } from "./parts/rounds.ts";
import { checkStart } from "./parts/start.ts";
import type { Candidate, Searcher } from "./searcher.ts";

const options = {
  reading: {
    kind: "choice",
    label: "Reading",
    help: "Constructive prunes one level more until the budget is reached; local improves the uniform schedule.",
    default: "constructive",
    choices: ["constructive", "local"],
  },
  evaluations: {
    kind: "integer",
    label: "Evaluations",
    help: "Of the local reading, at most; the paper gives greedy as many as its evolution.",
    default: 1604,
    min: 1,
    max: 1_000_000,
  },
} as const satisfies OptionSpec;

export const greedy: Searcher = {
  label: "Greedy",
  help: "Prunes where it hurts least, one level at a time, and never takes a step back.",
  source: "Diff-ES Appendix F",
  options,
  start(space, given, _seed, warm = [], snapshot) {
    const { reading, evaluations } = checkOptions("greedy", options, given);
    checkStart("greedy", space, warm);
    const propose = reading === "constructive" ? constructive(space) : local(space, evaluations);
    return rounds({ name: "greedy", survivors: 1, random: [], propose }, space, snapshot);
  },
  evaluations(space, given) {
    const { reading, evaluations } = checkOptions("greedy", options, given);
    return reading === "local" ? evaluations : Math.max(1, space.numStages * mostRaises(space));
  },
  generations(space, given) {
    const { reading, evaluations } = checkOptions("greedy", options, given);
    const pairs = Math.max(1, space.numStages * (space.numStages - 1));
    return reading === "local" ? 1 + Math.ceil((evaluations - 1) / pairs) : 1;
  },
};

function constructive(space: LevelSpace): Strategy["propose"] {
  let base: readonly Level[] = new Array<Level>(space.numStages).fill(0); // follows from the scores; kept to save time
  return (_standing, scores) => {
    while (!keepsBudget(base, space)) {
      const raised = raisesOf(base, space);
      const open = raised.filter(({ levels }) => !scores.has(scheduleKey(levels)));
      if (open.length > 0) return open;
      base = fittest(raised, scores);
    }
    const untouched = !scores.has(scheduleKey(base)); // a budget that leaves the model dense
    return untouched ? [{ levels: base, origin: { kind: "greedy" } }] : undefined;
  };
}

/** One level more, in each stage that has room. */
function raisesOf(parent: readonly Level[], space: LevelSpace): Candidate[] {
  const stages = [...parent.keys()].filter((stage) => (parent[stage] as Level) < space.maxLevel);
  return stages.map((stage) => {
    const levels = parent.with(stage, (parent[stage] as Level) + 1);
    const candidate = { levels, origin: { kind: "greedy", parent } };
    return keepsBudget(levels, space) ? candidate : { ...candidate, partial: true };
  });
}

/** The first of the fittest. */
function fittest(candidates: readonly Candidate[], scores: Scores): readonly Level[] {
  const fitness = ({ levels }: Candidate) => scores.get(scheduleKey(levels)) as number;
  return candidates.reduce((best, candidate) => (fitness(candidate) > fitness(best) ? candidate : best)).levels;
}

/** A raise of any stage comes nearer to the budget, so the cheapest stage takes the most raises. */
function mostRaises(space: LevelSpace): number {
  const cheapest = Math.min(...Array.from({ length: space.numStages }, (_, stage) => stepsOf(space, stage)));
  return Math.ceil(space.budget / cheapest);
}

function local(space: LevelSpace, evaluations: number): Strategy["propose"] {
  return ({ survivors: [best], scored }, scores) => {
    if (!best) return [{ levels: uniformLevels(space), origin: { kind: "uniform" } }];
    const neighbours = smallestMoves(best.levels, space).map(
      (move): Candidate => ({
        levels: moved(best.levels, move),
        origin: { kind: "greedy", parent: best.levels, move },
      }),
    );
    const open = neighbours.filter(({ levels }) => !scores.has(scheduleKey(levels)));
    const affordable = open.slice(0, evaluations - scored.length);
    return affordable.length > 0 ? affordable : undefined; // none improved, or nothing may be asked any more
  };
}
