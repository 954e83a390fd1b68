// evolution.json: every generation of a search, scores to six decimals and ratios to four, as the authors log them.

import * as z from "zod/mini";
import { type Division, reversed } from "../../core/schedule.ts";
import type { Level } from "../../core/tensor.ts";
import { checkShape, parseJson, type Report, toJson } from "./folder.ts";
import { type Kind, kindOf, modeOf, modeSchema } from "./method.ts";
import { divisionToRanges, rangesSchema, rangesToDivision } from "./stages.ts";

export interface Scored {
  /** One per stage, sampling order. */
  readonly levels: readonly Level[];
  /** Always maximised. */
  readonly fitness: number;
  /** It is an estimate, for which their log has no word: left out. */
  readonly stopped?: true;
}
export interface LoggedGeneration {
  /** Best first. */
  readonly population: readonly Scored[];
  readonly survivors: number;
}
export interface EvolutionLog {
  /** Generations that were asked for; as many as there are unless given. */
  readonly planned?: number | undefined;
  readonly kind: Kind;
  readonly maxLevel: Level;
  /** Mean level per stage. */
  readonly targetLevel: Level;
  readonly offspring: number;
  readonly survivors: number;
  /** Levels that one mutation moves, at most. */
  readonly maxMove: number;
  readonly generations: readonly LoggedGeneration[];
}

/** As the file itself says it. */
export interface LoggedSearch extends EvolutionLog {
  readonly planned: number;
  /** Undefined for a file without stages. */
  readonly division: Division | undefined;
}

const scored = z.looseObject({ score: z.number(), levels: z.array(z.int()) });
const schema = z.looseObject({
  meta: z.looseObject({
    mode: modeSchema,
    H: z.int(),
    offspring: z.int(),
    survivors_per_selection: z.array(z.int()).check(z.minLength(1)),
    mutation_max_levels: z.int(),
    target_level_int: z.int(),
    stages: z.optional(rangesSchema),
    generations: z.optional(z.int()),
  }),
  generations: z.array(
    z.looseObject({
      selections: z
        .array(z.looseObject({ survivors_n: z.int(), pool: z.array(scored).check(z.minLength(1)) }))
        .check(z.minLength(1)),
    }),
  ),
});

export function writeEvolution(log: EvolutionLog, division: Division): string {
  const { kind, maxLevel, targetLevel, survivors, maxMove, generations } = log;
  const entry = ({ levels, fitness }: Scored) => ({
    score: rounded(fitness, 6),
    levels: reversed(levels),
    ratios: reversed(levels).map((level) => rounded(level / maxLevel, 4)),
  });
  let best: Scored | undefined;
  return toJson({
    meta: {
      mode: modeOf(kind),
      stages: divisionToRanges(division),
      generations: log.planned ?? generations.length,
      offspring: log.offspring,
      survivors_per_selection: [survivors],
      mutation_max_levels: maxMove,
      target_level_int: targetLevel,
      start_level_int: null,
      H: maxLevel,
      k_semantics: "levels_per_stage",
    },
    generations: generations.map(({ population, survivors: kept }, generation) => {
      const pool = population.filter(({ stopped }) => !stopped).map(entry);
      const fittest = population[0] as Scored;
      if (!best || fittest.fitness > best.fitness) best = fittest;
      const selection = { selection_index: 0, pool_size: pool.length, survivors_n: kept, pool };
      return {
        generation,
        target_level: targetLevel,
        selections: [{ ...selection, survivors: pool.slice(0, kept) }],
        best_so_far: entry(best),
      };
    }),
  });
}

/** Of several selections in one generation, the last one is read. Undefined after a report. */
export function readEvolution(text: string, report: Report): LoggedSearch | undefined {
  const file = checkShape(schema, parseJson(text, report), report);
  if (!file) return undefined;
  const { meta } = file;
  const generations = file.generations.map(({ selections }): LoggedGeneration => {
    const { pool, survivors_n } = selections.at(-1) as (typeof selections)[number];
    const population = pool.map(({ score, levels }) => ({ levels: reversed(levels), fitness: score }));
    return { population: population.sort((a, b) => b.fitness - a.fitness), survivors: survivors_n };
  });
  return {
    kind: kindOf(meta.mode),
    maxLevel: meta.H,
    targetLevel: meta.target_level_int,
    offspring: meta.offspring,
    survivors: meta.survivors_per_selection.at(-1) as number,
    maxMove: meta.mutation_max_levels,
    generations,
    planned: Math.max(generations.length, meta.generations ?? 0),
    division: meta.stages && rangesToDivision(meta.stages),
  };
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
