// The courses of a run: the one that was asked for, and one more from every fork on.

import { checkOptions, type OptionValues } from "../core/options.ts";
import { searchers } from "../searchers/index.ts";
import type { Fork, SearchRequest } from "./api.ts";
import type { Course } from "./evolve.ts";
import type { Experiment } from "./experiment.ts";

export interface Courses {
  readonly courses: readonly Course[];
  /** Of the whole run, at most. */
  readonly evaluations: number;
  /** Of the whole run, about. */
  readonly generations: number;
}

/** @throws what the searcher throws, before any work is done */
export function coursesOf(
  request: SearchRequest,
  forks: readonly Fork[],
  experiment: Pick<Experiment, "space" | "projected" | "warm">,
): Courses {
  const { id } = request.searcher;
  const searcher = searchers.get(id);
  const { space, projected, warm } = experiment;
  const settings = [{ seed: request.seed, options: request.searcher.options }, ...forks].map(({ seed, options }) => ({
    seed,
    options: checkOptions(id, searcher.options, options),
  }));
  const starts = [projected, ...warm];
  for (const { seed, options } of settings) searcher.start(space, options, seed, starts);
  const courses = settings.map(({ seed, options }, course) => ({
    until: forks[course]?.at ?? Number.POSITIVE_INFINITY,
    start: (snapshot: unknown) => searcher.start(space, options, seed, starts, snapshot),
  }));
  const last = settings.at(-1)?.options as OptionValues;
  return { courses, evaluations: searcher.evaluations(space, last), generations: searcher.generations(space, last) };
}
