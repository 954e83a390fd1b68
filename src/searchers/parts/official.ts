// The evolution as the authors' code draws it, so that a run of theirs can be repeated candidate by candidate: two
// MT19937 sequences, their rounding, their numbering of stages, children that may repeat. A schedule that was scored
// keeps its fitness, as in their cache, and takes part in the selection again.

import { StudioError } from "../../core/errors.ts";
import { roundHalfEven } from "../../core/math.ts";
import { numpyRandom, pythonRandom } from "../../core/mersenne.ts";
import { randomMoves } from "../../core/moves.ts";
import type { ValuesOf } from "../../core/options.ts";
import { gammaLevels, patternLevels, patternNames, uniformLevels } from "../../core/patterns.ts";
import type { Choices, Exponentials } from "../../core/rng.ts";
import { scheduleKey } from "../../core/schedule.ts";
import type { LevelSpace } from "../../core/space.ts";
import type { Candidate, Member } from "../searcher.ts";
import { childOf } from "./offspring.ts";
import type { mutationOptions, sizeOptions } from "./options.ts";
import type { Strategy } from "./rounds.ts";

interface OfficialOptions extends ValuesOf<typeof sizeOptions & typeof mutationOptions> {
  readonly start: string;
  readonly screen: number;
}

/** @throws invalid-option where the authors' code has no such search; invalid-input for a seed of more than 32 bits */
export function officialStrategy(name: string, space: LevelSpace, options: OfficialOptions, seed: number): Strategy {
  const refused = [
    space.stepsPerStage && "budget over steps",
    options.start === "sensitivity" && 'start "sensitivity"',
    options.screen > 1 && "screen",
  ].filter(Boolean);
  if (refused.length > 0)
    throw new StudioError(
      "invalid-option",
      `${name}.variant: official-compat knows no ${refused.join(", no ")}; leave that out, or choose variant "studio"`,
    );
  const python = pythonRandom(seed);
  const numpy = numpyRandom(seed);
  return {
    name,
    survivors: options.survivors,
    random: [python, numpy],
    propose({ generation, survivors }) {
      if (generation === 0) return firstGeneration(space, options, python, numpy);
      return generation < options.generations ? children(space, options, python, survivors) : undefined;
    },
  };
}

function firstGeneration(
  space: LevelSpace,
  { start, survivors, offspring }: OfficialOptions,
  python: Choices,
  numpy: Exponentials,
): Candidate[] {
  const size = survivors + offspring;
  const population: Candidate[] = [];
  const seen = new Set<string>();
  const add = (candidate: Candidate) => {
    const key = scheduleKey(candidate.levels);
    if (!seen.has(key)) population.push(candidate);
    seen.add(key);
  };
  const fill = (to: number) => {
    for (let tries = 50 * size; tries > 0 && population.length < to; tries--)
      add({ levels: gammaLevels(numpy, space, "reference"), origin: { kind: "random" } });
  };
  if (start !== "random") add({ levels: uniformLevels(space), origin: { kind: "uniform" } });
  if (start === "hybrid") {
    for (const kind of patternNames) add({ levels: patternLevels(kind, space, "reference"), origin: { kind } });
    // in two parts, which only shows where tries run out
    fill(population.length + Math.max(0, roundHalfEven(0.4 * (size - population.length))));
  }
  fill(size);
  for (let i = 0; population.length < size; i++) population.push(nudged(population, i, space, python));
  return population.slice(0, size);
}

/** A small space has fewer schedules than a population: one level moves, if it can, and duplicates stay. */
function nudged(population: readonly Candidate[], i: number, { numStages, maxLevel }: LevelSpace, python: Choices) {
  const { levels } = population[i % population.length] as Candidate;
  if (numStages < 2) return childOf(levels, []);
  const [from, to] = mirrored(python).pair(numStages);
  const fits = (levels[from] as number) > 0 && (levels[to] as number) < maxLevel;
  return childOf(levels, fits ? [{ from, to, levels: 1, gained: 1 }] : []);
}

function children(
  space: LevelSpace,
  options: OfficialOptions,
  python: Choices,
  parents: readonly Member[],
): Candidate[] {
  const size = options.survivors + options.offspring - parents.length;
  return Array.from({ length: size }, () => {
    const { levels } = parents[python.below(parents.length)] as Member;
    return childOf(levels, randomMoves(levels, space, options, mirrored(python)));
  });
}

/** The authors' stage 0 is the last one in sampling order. */
function mirrored({ integer, pair }: Choices): Pick<Choices, "integer" | "pair"> {
  return {
    integer,
    pair(n) {
      const [first, second] = pair(n);
      return [n - 1 - first, n - 1 - second];
    },
  };
}
