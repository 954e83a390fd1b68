// The pictures of the schedule that is edited, and of one that it is compared with. A change cancels the drawing of what
// was before; a few pictures come first, so that a change is seen early.

import type { Level } from "../core/tensor.ts";
import type { RoutedSchedule, SampleEvent, SampleGrid } from "../engine/api.ts";
import { type ReferenceId, selectReferences } from "./editor-presets.ts";
import { COLUMNS, pictureLabels } from "./labels.ts";
import { selectDraft, selectDraftBank } from "./select-draft.ts";
import type { Outside, Slice, StudioState } from "./store.ts";

export type SketchId = "yours" | "reference";
export interface SketchRow {
  /** Of the newest drawing. */
  readonly levels: readonly Level[];
  /** Undefined where nothing was drawn yet. */
  readonly pixels: readonly (Uint8ClampedArray | undefined)[];
  readonly side: number;
  /** How many of the first pictures are of `levels`; the others are of what was before. */
  readonly fresh: number;
  readonly drawing: { readonly done: number; readonly total: number } | undefined;
  /** Of `levels`, once all are drawn. */
  readonly grid: SampleGrid | undefined;
}

export interface TimedLevel {
  readonly level: Level;
  /** Of the denoiser, a step of one picture among several. */
  readonly time: number;
}

export interface SketchSlice {
  readonly sketch: {
    /** Pictures follow every change by themselves. */
    readonly live: boolean;
    readonly reference: ReferenceId | undefined;
    readonly rows: Readonly<Partial<Record<SketchId, SketchRow>>>;
    /** By drawings of the same model and method. */
    readonly timed: readonly TimedLevel[];
  };
  setLive(live: boolean): void;
  compareWith(reference: ReferenceId | undefined): void;
  /** Draws what is not drawn yet of the draft and of what it is compared with. */
  drawSketch(): Promise<void>;
  /** Makes the bank that drawings need. */
  prepareBank(): Promise<void>;
}

/** Shown first. */
const FEW = 2;
/** Steps of drawings that are remembered. */
const TIMED = 400;

interface Task {
  readonly id: SketchId;
  readonly key: string;
  readonly schedule: RoutedSchedule;
}

export function createSketchSlice({ engine }: Outside): Slice<SketchSlice> {
  let abort = new AbortController();
  let current: Task | undefined;
  /** What each row shows, or failed to show. */
  const done = new Map<SketchId, string>();
  let method = "";
  return (write, read) => {
    const patch = (change: Partial<SketchSlice["sketch"]>) =>
      write(({ sketch }) => ({ sketch: { ...sketch, ...change } }));
    const patchRow = (id: SketchId, change: Partial<SketchRow>) => {
      const row = read().sketch.rows[id] ?? empty;
      patch({ rows: { ...read().sketch.rows, [id]: { ...row, ...change } } });
    };

    async function draw({ id, key, schedule }: Task, signal: AbortSignal): Promise<void> {
      const { settings, model } = read();
      if (!model.card) return;
      const { steps, guidance, sampler, seed, metric } = settings;
      const labels = pictureLabels(model.card);
      const sketch = { parts: [FEW, labels.length - FEW], metric };
      const take = (event: SampleEvent) => {
        if (signal.aborted) return;
        if (event.type === "progress") return patchRow(id, { drawing: { done: event.done, total: event.total } });
        if (event.type !== "pictures") return;
        const { first, pixels } = event;
        const all = [...(read().sketch.rows[id] ?? empty).pixels];
        all.splice(first, pixels.length, ...pixels);
        const side = Math.sqrt((pixels[0]?.length ?? 0) / 4);
        patchRow(id, { pixels: all, side, fresh: first + pixels.length });
      };
      patchRow(id, { levels: schedule.levels, fresh: 0, drawing: { done: 0, total: 1 }, grid: undefined });
      try {
        const request = { schedule, steps, guidance, sampler, labels, seed, sketch };
        const grid = await engine.sample(request, take, signal);
        if (signal.aborted) return;
        remember(grid);
        patchRow(id, { grid, drawing: undefined });
        done.set(id, key);
      } catch (error) {
        if (signal.aborted) return;
        patchRow(id, { drawing: undefined });
        read().report("The pictures of your schedule were not drawn", error);
        done.set(id, key); // not again by itself
      }
    }

    function remember({ timed, cost }: SampleGrid): void {
      const { model, settings } = read();
      const now = JSON.stringify([model.card?.id, settings.pruner.id, settings.guidance > 1]);
      const before = now === method ? read().sketch.timed : [];
      method = now;
      const fresh = timed.map(({ level, time }) => ({ level, time: time / cost.batch }));
      patch({ timed: [...before, ...fresh].slice(-TIMED) });
    }

    return {
      sketch: { live: true, reference: undefined, rows: {}, timed: [] },
      setLive: (live) => patch({ live }),
      compareWith(reference) {
        const { reference: _, ...rows } = read().sketch.rows;
        done.delete("reference");
        patch({ reference, rows });
      },
      async drawSketch() {
        const wanted = tasksOf(read()).find(({ id, key }) => done.get(id) !== key);
        if (wanted?.key === current?.key) return;
        const before = current;
        current = wanted; // first, because every change of the store asks again
        abort.abort();
        if (before) patchRow(before.id, { drawing: undefined });
        if (!wanted) return;
        abort = new AbortController();
        const { signal } = abort;
        read().draw("dense", undefined, read().settings);
        await draw(wanted, signal);
        if (signal.aborted) return;
        current = undefined;
        await read().drawSketch();
      },
      async prepareBank() {
        const { estimate, begin } = read();
        if (!estimate) return;
        await begin("bank", "The bank was not prepared", async (show, signal) => {
          await engine.calibrate(estimate.bank.request, show, signal);
        });
      },
    };
  };
}

const empty: SketchRow = {
  levels: [],
  pixels: new Array<undefined>(COLUMNS).fill(undefined),
  side: 0,
  fresh: 0,
  drawing: undefined,
  grid: undefined,
};

/** What is to be seen, the draft first; nothing without its bank. */
function tasksOf(state: StudioState): Task[] {
  const draft = selectDraft(state);
  const { id: bank, card } = selectDraftBank(state);
  if (!draft || bank === undefined || !card?.whole) return [];
  const { steps, guidance, sampler, seed, metric } = state.settings;
  const task = (id: SketchId, levels: readonly Level[]): Task => ({
    id,
    key: JSON.stringify([id, bank, levels, steps, guidance, sampler, seed, metric]),
    schedule: { division: draft.division, levels, bank },
  });
  const reference = selectReferences(state).find(({ id }) => id === state.sketch.reference);
  return [task("yours", draft.levels), ...(reference ? [task("reference", reference.levels)] : [])];
}
