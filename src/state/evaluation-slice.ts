// What the schedules of the shown run are worth on many pictures, as sets: FID and its kin. As `evaluate --run` on the
// command line, picture by picture.

import type { NumberOption } from "../core/options.ts";
import type { EvaluateResult, Progress, ScheduleId } from "../engine/api.ts";
import type { Outside, Slice } from "./store.ts";

/** As many are enough to order schedules by KID, and few enough for some minutes on a processor. */
export const evaluatedPictures = {
  kind: "integer",
  label: "Pictures of each",
  help: "Drawn of each schedule and judged as a set, against real pictures. FID is biased upwards below 10,000; KID is not.",
  equation: "FID = |μ − μᵣ|² + tr(Σ + Σᵣ − 2 (Σ Σᵣ)^½)",
  source: "Diff-ES §4",
  default: 200,
  min: 2,
  max: 50_000,
} as const satisfies NumberOption;

export interface EvaluationSlice {
  readonly evaluation: {
    /** Of each schedule, the next time. */
    readonly pictures: number;
    /** Whose numbers are shown; undefined while there are none. */
    readonly run: string | undefined;
    /** As they are measured. */
    readonly rows: readonly EvaluatedSchedule[];
  };
  setEvaluated(pictures: number): void;
  /** Every schedule that the shown run compares. */
  evaluateRun(): Promise<void>;
}

export interface EvaluatedSchedule {
  readonly id: ScheduleId;
  readonly result: EvaluateResult;
}

export function createEvaluationSlice({ engine }: Outside): Slice<EvaluationSlice> {
  return (write, read) => {
    const patch = (change: Partial<EvaluationSlice["evaluation"]>) =>
      write(({ evaluation }) => ({ evaluation: { ...evaluation, ...change } }));
    return {
      evaluation: { pictures: evaluatedPictures.default, run: undefined, rows: [] },
      setEvaluated: (pictures) => patch({ pictures }),
      async evaluateRun() {
        const { run, evaluation, begin } = read();
        const { id: shown, request, comparisons } = run;
        const { pictures } = evaluation;
        if (!request || shown === undefined) return;
        const { steps, guidance, sampler, seed } = request;
        await begin("evaluation", "The evaluation stopped", async (show, signal) => {
          patch({ run: shown, rows: [] });
          for (const [index, { id, schedule }] of comparisons.entries()) {
            const asked = { schedule, steps, guidance, sampler, seed, pictures };
            const take = (event: Progress) => show(ofAll(event, index, comparisons.length));
            const result = await engine.evaluate(asked, take, signal);
            patch({ rows: [...read().evaluation.rows, { id, result }] });
          }
        });
      },
    };
  };
}

/** Progress of one among several that take about as long. */
function ofAll(one: Progress, index: number, count: number): Progress {
  const done = index * one.total + one.done;
  const total = count * one.total;
  const left = one.left === undefined ? undefined : (one.left * (total - done)) / Math.max(1, one.total - one.done);
  return { ...one, done, total, left };
}
