// The pictures of every schedule, from the same noise and classes. One drawing at a time: a request for a row
// replaces an older request for it, and while a search runs the searched row takes at most an eighth of the time.

import type { RoutedSchedule, SampleEvent, ScheduleId, SearchRequest } from "../engine/api.ts";
import { drawingKey } from "./gallery-slice.ts";
import { pictureLabels } from "./labels.ts";
import type { RunState } from "./run-state.ts";
import type { ShownGrid } from "./showcase.ts";
import type { Outside, Slice } from "./store.ts";

/** Whose pictures: of a schedule that is compared, or of a candidate that was picked out of all. */
export type RowId = ScheduleId | "candidate";

export interface SampleRow {
  readonly grid: ShownGrid | undefined;
  /** The schedule of `grid`. */
  readonly schedule: RoutedSchedule | undefined;
  /** Of the drawing that is to replace `grid`; undefined when none is asked for. */
  readonly drawing: { readonly done: number; readonly total: number } | undefined;
}

export interface SamplesSlice {
  readonly samples: { readonly rows: Readonly<Partial<Record<RowId, SampleRow>>> };
  /** Asks for the pictures of a schedule; undefined is the dense model. */
  draw(id: RowId, schedule: RoutedSchedule | undefined, request: SearchRequest): void;
  drawDense(): void;
  /** Asks for whatever the shown run has and the grid lacks. */
  drawRun(): Promise<void>;
  /** Of the shown run, which came with them. */
  showPictures(grids: ReadonlyMap<ScheduleId, ShownGrid>): void;
  forgetPictures(which?: "all" | "all but dense"): void;
}

interface Wanted {
  readonly id: RowId;
  readonly schedule: RoutedSchedule | undefined;
  readonly request: SearchRequest;
  readonly key: string;
}

/** In the order of drawing. */
export const rowIds: readonly RowId[] = ["dense", "candidate", "uniform", "mosaic", "searched", "yours"];
/** Waiting after a drawing of the searched row, in multiples of the time it took. */
const REST = 7;

export function createSamplesSlice({ engine }: Outside): Slice<SamplesSlice> {
  const wanted = new Map<RowId, Wanted>();
  /** What each row shows or is being drawn as. */
  const keys = new Map<RowId, string>();
  let abort = new AbortController();
  let current: Wanted | undefined;
  let busy = false;
  let restUntil = 0;
  let alarm: ReturnType<typeof setTimeout> | undefined;

  return (write, read) => {
    const patchRow = (id: RowId, change: Partial<SampleRow>) =>
      write(({ samples: { rows } }) => {
        const row = rows[id] ?? { grid: undefined, schedule: undefined, drawing: undefined };
        return { samples: { rows: { ...rows, [id]: { ...row, ...change } } } };
      });

    function next(): Wanted | undefined {
      const searching = read().run.phase !== "idle";
      const resting = searching && performance.now() < restUntil;
      const id = rowIds.find((candidate) => wanted.has(candidate) && !(candidate === "searched" && resting));
      if (id === undefined && wanted.size > 0) {
        clearTimeout(alarm);
        alarm = setTimeout(() => void work(), restUntil - performance.now());
      }
      const found = id && wanted.get(id);
      if (id) wanted.delete(id);
      return found;
    }

    /** A run of another model has schedules that the loaded one cannot execute. */
    const fits = ({ model }: RunState) => model === undefined || model.id === read().model.card?.id;

    async function work(): Promise<void> {
      if (busy) return;
      busy = true;
      try {
        for (current = next(); current; current = next()) await drawOne(current);
      } finally {
        busy = false;
      }
    }

    async function drawOne({ id, schedule, request, key }: Wanted): Promise<void> {
      const { card } = read().model;
      const { signal } = abort;
      if (!card) return;
      const { steps, guidance, sampler, seed } = request;
      const labels = pictureLabels(card);
      const onEvent = (event: SampleEvent) => {
        if (event.type !== "progress" || signal.aborted || keys.get(id) !== key) return;
        patchRow(id, { drawing: { done: event.done, total: event.total } });
      };
      const started = performance.now();
      patchRow(id, { drawing: { done: 0, total: steps } });
      try {
        const wanted = { schedule, steps, guidance, sampler, labels, seed };
        const grid = read().gallery[drawingKey(wanted)]?.grid ?? (await engine.sample(wanted, onEvent, signal));
        if (signal.aborted) return;
        read().keepDrawing(wanted, grid);
        if (id === "searched") restUntil = performance.now() + REST * (performance.now() - started);
        patchRow(id, { grid, schedule, drawing: undefined });
      } catch (error) {
        if (signal.aborted) return;
        keys.delete(id);
        patchRow(id, { drawing: undefined });
        read().report(`The ${id} pictures were not drawn`, error);
      }
    }

    return {
      samples: { rows: {} },
      draw(id, schedule, request) {
        const { card } = read().model;
        if (!card) return;
        const { steps, guidance, sampler, seed } = request;
        const key = JSON.stringify([card.id, schedule ?? "dense", steps, guidance, sampler, seed]);
        if (keys.get(id) === key) return;
        keys.set(id, key);
        wanted.set(id, { id, schedule, request, key });
        void work();
      },
      drawDense() {
        const { run, settings, draw } = read();
        draw("dense", undefined, fits(run) ? (run.request ?? settings) : settings);
      },
      async drawRun() {
        const { run, draw, drawDense } = read();
        restUntil = 0;
        drawDense();
        if (!run.request || !fits(run) || run.elsewhere) return;
        for (const { id, schedule } of run.comparisons) if (schedule) draw(id, schedule, run.request);
        if (run.schedule) draw("searched", run.schedule, run.request);
        clearTimeout(alarm);
        await work();
      },
      showPictures(grids) {
        const { comparisons } = read().run;
        for (const [id, grid] of grids)
          patchRow(id, { grid, schedule: comparisons.find((comparison) => comparison.id === id)?.schedule });
      },
      forgetPictures(which = "all") {
        // The dense pictures belong to every run: neither they nor a drawing of them is thrown away for a new one.
        const kept: RowId | undefined = which === "all but dense" ? "dense" : undefined;
        if (current && current.id !== kept) {
          abort.abort();
          abort = new AbortController();
        }
        for (const id of rowIds)
          if (id !== kept) {
            wanted.delete(id);
            keys.delete(id);
          }
        const { dense } = read().samples.rows;
        write({ samples: { rows: kept && dense ? { dense } : {} } });
      },
    };
  };
}
