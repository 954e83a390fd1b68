// Random search: schedules drawn over the whole space, as the evolution draws its random starts, and nothing else: warm
// starts are left out. What any searcher that learns has to beat.

import { checkOptions } from "../core/options.ts";
import { stream } from "../core/rng.ts";
import { sizeOptions } from "./parts/options.ts";
import { rounds } from "./parts/rounds.ts";
import { checkStart, randomStarts } from "./parts/start.ts";
import type { Searcher } from "./searcher.ts";

/** A used-up neighbourhood is left by one level at a time. */
const SMALLEST_MOVE = 1;

export const random: Searcher = {
  label: "Random",
  help: "Draws schedules at random and keeps the best: the yardstick for every other search.",
  options: sizeOptions,
  start(space, given, seed, warm = [], snapshot) {
    const { generations, offspring } = checkOptions("random", sizeOptions, given);
    checkStart("random", space, warm);
    const draws = stream(seed, "random");
    return rounds(
      {
        name: "random",
        survivors: 1,
        random: [draws],
        propose({ generation, scored }) {
          if (generation === generations) return undefined;
          const taken = scored.map(({ levels }) => levels);
          const born = randomStarts(space, offspring, taken, SMALLEST_MOVE, draws);
          return born.length > 0 ? born : undefined;
        },
      },
      space,
      snapshot,
    );
  },
  evaluations(_space, given) {
    const { generations, offspring } = checkOptions("random", sizeOptions, given);
    return generations * offspring;
  },
  generations: (_space, given) => checkOptions("random", sizeOptions, given).generations,
};
