// The result of a search as this program writes it: `result.json` of the command line, and what the page exports. What the
// views index into is checked; the rest is taken as it is.

import * as z from "zod/mini";
import { checkShape, parseJson, type Report } from "./exchange/folder.ts";

export const RUN_FORMAT = "diff-es-run/1";

const levels = z.array(z.int());
const scored = z.looseObject({
  levels,
  fitness: z.number(),
  origin: z.looseObject({ kind: z.string(), parent: z.optional(levels) }),
});
const choice = z.looseObject({ id: z.string() });
const interval = z.looseObject({
  mean: z.nullable(z.number()),
  low: z.nullable(z.number()),
  high: z.nullable(z.number()),
});
const schema = z.looseObject({
  format: z.optional(z.literal(RUN_FORMAT)),
  run: z.string(),
  request: z.looseObject({ pruner: choice, searcher: choice, metric: choice, sampler: choice, seed: z.int() }),
  model: z.looseObject({ id: z.string(), name: z.string() }),
  space: z.looseObject({
    division: z.array(z.looseObject({ high: z.int(), low: z.int() })).check(z.minLength(1)),
    bank: z.string(),
    maxLevel: z.int(),
    budget: z.number(),
    timesteps: z.array(z.number()),
    stageOfStep: z.array(z.int()),
    sparsity: z.number(),
    generations: z.int(),
  }),
  generations: z.array(z.looseObject({ population: z.array(scored), survivors: z.int() })),
  best: scored,
  finalists: z.array(z.looseObject({ levels, validation: z.number() })),
  comparisons: z.array(z.looseObject({ id: z.string(), fitness: z.number(), heldOut: z.array(z.number()) })),
  verdict: z.looseObject({ againstUniform: interval, againstMosaic: interval, better: z.boolean() }),
  historyHash: z.string(),
  evaluations: z.int(),
  elapsed: z.number(),
  device: z.looseObject({ name: z.string() }),
});

/** The result; undefined after reports. */
export function readRunFile(text: string, report: Report): unknown {
  const file = checkShape(schema, parseJson(text, report), report);
  if (!file) return undefined;
  const { format: _, ...result } = file;
  const stages = result.space.division.length;
  const schedules = [result.best, ...result.generations.flatMap(({ population }) => population)];
  const other = schedules.find(({ levels }) => levels.length !== stages);
  if (other) report(`a schedule has ${other.levels.length} levels, and the search ${stages} stages`);
  return other ? undefined : result;
}
