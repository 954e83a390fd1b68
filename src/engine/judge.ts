// Judgement on pictures that no candidate was selected on. Few probes flatter the schedule that happens to suit them, so
// the best few are compared once more on validation pictures before one wins; the verdict then comes from held-out
// pictures that decided nothing.

import { stream } from "../core/rng.ts";
import { scheduleKey } from "../core/schedule.ts";
import type { Level } from "../core/tensor.ts";
import type { Finalist, On, ScoredSchedule, SearchEvent, SearchRequest } from "./api.ts";
import type { EvaluationStore } from "./evaluations.ts";
import { FitnessEvaluator, type Scored } from "./fitness.ts";
import type { OpenSchedule, Pipeline } from "./pipeline.ts";

/** Most candidates of a search are nowhere near its best; the paper keeps four survivors. */
export const FINALISTS = 8;

/** Pictures of one purpose: their noise and labels follow from the seed and the purpose. */
export type PictureSet = "probes" | "validation" | "held-out";

export interface Jury {
  readonly pipeline: Pipeline;
  readonly request: SearchRequest;
  readonly evaluations: EvaluationStore;
  readonly exclusive: <T>(work: () => Promise<T>) => Promise<T>;
  readonly on: On<SearchEvent>;
  readonly signal: AbortSignal;
}

/** The request's fitness on a set of pictures; classes come in turn, in an order of the set's own. */
export function openEvaluator(
  pipeline: Pipeline,
  request: SearchRequest,
  set: PictureSet,
  count: number,
): Promise<FitnessEvaluator> {
  const { numClasses } = pipeline.model.spec;
  const classes = stream(request.seed, "labels", set).shuffle([...Array(numClasses).keys()]);
  const labels = Array.from({ length: count }, (_, index) => classes[index % numClasses] as number);
  return FitnessEvaluator.open(pipeline, request.metric, pipeline.batch(request.seed, set, labels), request);
}

/** The fittest of all candidates, and MosaicDiff's schedule if it was one; each once, the fittest first. */
export function finalistsOf(
  generations: readonly { readonly population: readonly ScoredSchedule[] }[],
  mosaic: readonly Level[],
): ScoredSchedule[] {
  const all = generations.flatMap(({ population }) => population);
  const distinct = [...new Map(all.map((member) => [scheduleKey(member.levels), member])).values()];
  const ranked = distinct.sort((a, b) => b.fitness - a.fitness); // stable: among equals the older one
  const late = ranked.slice(FINALISTS).filter(({ levels }) => scheduleKey(levels) === scheduleKey(mosaic));
  return [...ranked.slice(0, FINALISTS), ...late];
}

/**
 * Scores finalists on the validation pictures, the best first. Their probes do not count: they were selected on them.
 * @param context of the validation pictures
 */
export async function validate(
  { pipeline, request, evaluations, exclusive, on, signal }: Jury,
  context: string,
  finalists: readonly ScoredSchedule[],
  open: (levels: readonly Level[]) => OpenSchedule,
): Promise<Finalist[]> {
  const evaluator = await openEvaluator(pipeline, request, "validation", request.validation);
  const total = finalists.length;
  const progress = (done: number, what: string) =>
    on({
      type: "progress",
      phase: "validation",
      label: `${what} on ${request.validation} validation pictures`,
      done,
      total,
    });
  let prepared = false;
  const score = async (levels: readonly Level[]): Promise<Scored> => {
    if (!prepared) await evaluator.prepare(signal);
    prepared = true;
    return evaluator.score(open(levels), signal);
  };
  try {
    const scored: Finalist[] = [];
    for (const [index, finalist] of finalists.entries()) {
      progress(index, `Finalist ${index + 1} of ${total}`);
      signal.throwIfAborted();
      const { levels } = finalist;
      const { fitness } = await evaluations.once(context, levels, () => exclusive(() => score(levels)));
      scored.push({ ...finalist, validation: fitness });
    }
    return scored.sort((a, b) => b.validation - a.validation);
  } finally {
    await evaluator.free();
  }
}

/** Scores every entry on held-out pictures, in turn, with every step run and timed. Undefined is the dense model. */
export async function judge(
  { pipeline, request, exclusive, on, signal }: Jury,
  entries: readonly { readonly id: string; readonly open: OpenSchedule | undefined }[],
): Promise<Scored[]> {
  const evaluator = await openEvaluator(pipeline, request, "held-out", request.heldOut);
  try {
    const scored: Scored[] = [];
    for (const [index, { id, open }] of entries.entries()) {
      const label = `Judging ${id} on ${request.heldOut} new pictures`;
      on({ type: "progress", phase: "held-out", label, done: index, total: entries.length });
      scored.push(await exclusive(() => (open ? evaluator.score(open, signal, true) : evaluator.prepare(signal))));
    }
    return scored;
  } finally {
    await evaluator.free();
  }
}
