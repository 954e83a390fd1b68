// Judgement on pictures that no candidate was selected on. Few probes flatter the schedule that happens to suit them, so
// the best few are compared once more on validation pictures before one wins; the verdict then comes from held-out
// pictures that decided nothing.

import { spearman } from "../core/rank-correlation.ts";
import { scheduleKey } from "../core/schedule.ts";
import type { Level } from "../core/tensor.ts";
import type { Finalist, On, ScoredSchedule, SearchEvent, SearchRequest } from "./api.ts";
import type { EvaluationStore } from "./evaluations.ts";
import type { Scored } from "./fitness.ts";
import { openEvaluator, RecordedScores } from "./picture-set.ts";
import type { OpenSchedule, Pipeline } from "./pipeline.ts";

/** Most candidates of a search are nowhere near its best; the paper keeps four survivors. */
export const FINALISTS = 8;

export interface Jury {
  readonly pipeline: Pipeline;
  readonly request: SearchRequest;
  readonly evaluations: EvaluationStore;
  readonly exclusive: <T>(work: () => Promise<T>) => Promise<T>;
  readonly on: On<SearchEvent>;
  readonly signal: AbortSignal;
}

/** The fittest of all candidates that were scored whole, and MosaicDiff's schedule if it was one; each once, the fittest first. */
export function finalistsOf(
  generations: readonly { readonly population: readonly ScoredSchedule[] }[],
  mosaic: readonly Level[],
): ScoredSchedule[] {
  const all = generations.flatMap(({ population }) => population).filter(({ stopped }) => !stopped);
  const distinct = [...new Map(all.map((member) => [scheduleKey(member.levels), member])).values()];
  const ranked = distinct.sort((a, b) => b.fitness - a.fitness); // stable: among equals the older one
  const late = ranked.slice(FINALISTS).filter(({ levels }) => scheduleKey(levels) === scheduleKey(mosaic));
  return [...ranked.slice(0, FINALISTS), ...late];
}

/** Scores finalists on the validation pictures, the best first. Their probes do not count: they were selected on them. */
export async function validate(
  { on, signal, ...jury }: Jury,
  finalists: readonly ScoredSchedule[],
  open: (levels: readonly Level[]) => OpenSchedule,
): Promise<Finalist[]> {
  const { validation: count } = jury.request;
  const scores = await RecordedScores.open({ ...jury, set: "validation", count });
  const total = finalists.length;
  try {
    const scored: Finalist[] = [];
    for (const [done, finalist] of finalists.entries()) {
      const label = `Finalist ${done + 1} of ${total} on ${count} validation pictures`;
      on({ type: "progress", phase: "validation", label, done, total });
      signal.throwIfAborted();
      scored.push({ ...finalist, validation: (await scores.score(open(finalist.levels), signal)).fitness });
    }
    return scored.sort((a, b) => b.validation - a.validation);
  } finally {
    await scores.free();
  }
}

/** Whether the probes rank the finalists as the validation pictures do. */
export function agreement(finalists: readonly Finalist[]): number | undefined {
  return spearman(
    finalists.map(({ fitness }) => fitness),
    finalists.map(({ validation }) => validation),
  );
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
      scored.push(
        await exclusive(() =>
          open ? evaluator.score(open, signal, { fresh: true }) : evaluator.prepare(signal, true),
        ),
      );
    }
    return scored;
  } finally {
    await evaluator.free();
  }
}
