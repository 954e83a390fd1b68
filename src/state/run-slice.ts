// The search: what it has found so far, generation by generation, and the verbs that drive it. Generations are only
// ever appended. Events of a run that is no longer shown are ignored (`token`).

import type {
  Comparison,
  Progress,
  RoutedSchedule,
  RunCard,
  ScoredSchedule,
  SearchEvent,
  SearchRequest,
  SearchResult,
  SearchSummary,
} from "../engine/api.ts";
import type { Outside, Slice } from "./store.ts";
import { selectBusy } from "./work-slice.ts";

export type GenerationRecord = SearchResult["generations"][number];

export interface RunState {
  readonly phase: "idle" | "running" | "paused" | "stopping";
  readonly id: string | undefined;
  readonly request: SearchRequest | undefined;
  /** The model it prunes. */
  readonly model: SearchResult["model"] | undefined;
  readonly space: SearchSummary | undefined;
  readonly generations: readonly GenerationRecord[];
  /** Scored candidates of the generation in progress. */
  readonly pending: readonly ScoredSchedule[];
  readonly best: ScoredSchedule | undefined;
  readonly schedule: RoutedSchedule | undefined;
  /** Dense, uniform, MosaicDiff as they are measured; all four once finished. */
  readonly comparisons: readonly Comparison[];
  readonly progress: Progress | undefined;
  /** Generations that a stored, unfinished run had finished. */
  readonly reached: number;
  /** Only of a finished run. */
  readonly result: SearchResult | undefined;
}

export interface RunSlice {
  readonly run: RunState;
  search(request?: SearchRequest): Promise<void>;
  pause(): Promise<void>;
  resume(): Promise<void>;
  stop(): void;
  /** Shows a stored run and takes its settings. */
  open(id: string): Promise<void>;
  /** Shows the run that was shown last; settings stay as they are. */
  openLast(): Promise<void>;
  /** Forgets the shown run, not the stored one. */
  clear(): void;
  remove(id: string): Promise<void>;
}

const empty: RunState = {
  phase: "idle",
  id: undefined,
  request: undefined,
  model: undefined,
  space: undefined,
  generations: [],
  pending: [],
  best: undefined,
  schedule: undefined,
  comparisons: [],
  progress: undefined,
  reached: 0,
  result: undefined,
};

const STOPPED = "The search stopped";

export function createRunSlice({ engine, place }: Outside): Slice<RunSlice> {
  let token = 0;
  let abort = new AbortController();
  return (write, read) => {
    const patch = (change: Partial<RunState>) => write(({ run }) => ({ run: { ...run, ...change } }));

    function take(event: SearchEvent, request: SearchRequest): void {
      const { run, draw } = read();
      switch (event.type) {
        case "progress":
          patch({ progress: event });
          break;
        case "started":
          place.keep("run", event.run);
          // What an interrupted run had found stays on screen; of another run nothing does.
          if (event.run !== run.id) patch({ ...empty, phase: run.phase, progress: run.progress, model: run.model });
          patch({
            id: event.run,
            request,
            space: event.space,
            generations: read().run.generations.slice(0, event.resumedAt),
            pending: [],
          });
          break;
        case "candidate":
          // Evidence off the budget is no schedule of any population.
          if (!event.candidate.partial) patch({ pending: [...run.pending, event.candidate] });
          break;
        case "baseline": {
          const { comparison } = event;
          patch({ comparisons: [...run.comparisons.filter(({ id }) => id !== comparison.id), comparison] });
          draw(comparison.id, comparison.schedule, request);
          break;
        }
        case "generation": {
          const { population, survivors } = event;
          const generations = [...run.generations.slice(0, event.generation), { population, survivors }];
          patch({ generations, pending: [] });
          void read().refresh(); // storage may have stopped answering
          break;
        }
        case "best":
          patch({ best: event.best, schedule: event.schedule });
          draw("searched", event.schedule, request);
      }
    }

    async function show(id: string): Promise<void> {
      if (read().run.phase !== "idle") return;
      const mine = ++token;
      try {
        const [result, cards] = await Promise.all([engine.run(id), engine.runs()]);
        const card = cards.find(({ run }) => run === id);
        if (mine !== token || !card) return;
        place.keep("run", id);
        read().forgetPictures("all but dense");
        write({ run: result && card.finished ? finished(result) : unfinished(card, result) });
        await read().drawRun();
      } catch (error) {
        read().report("The stored run could not be read", error);
      }
    }

    return {
      run: empty,
      async search(request = read().settings) {
        if (selectBusy(read())) return;
        const mine = ++token;
        abort = new AbortController();
        read().dismiss(STOPPED);
        const same = JSON.stringify(request) === JSON.stringify(read().run.request) && !read().run.result;
        const { card } = read().model;
        const model = card && { id: card.id, name: card.name };
        const progress: Progress = { type: "progress", phase: "calibrate", label: "Preparing", done: 0, total: 1 };
        write({ run: { ...(same ? read().run : empty), request, model, phase: "running", progress } });
        if (!same) read().forgetPictures("all but dense");
        read().drawDense();
        try {
          const result = await engine.search(
            request,
            (event) => mine === token && read().run.phase !== "idle" && take(event, request),
            abort.signal,
          );
          if (mine === token) write({ run: finished(result) });
        } catch (error) {
          if (mine !== token) return;
          patch({ phase: "idle", progress: undefined, pending: [] });
          read().report(STOPPED, error);
        }
        await read().drawRun();
        await read().refresh();
        await read().settle(); // its bank is stored now: the next search takes less
      },
      async pause() {
        if (read().run.phase !== "running") return;
        patch({ phase: "paused" });
        await engine.pause(true);
      },
      async resume() {
        if (read().run.phase !== "paused") return;
        patch({ phase: "running" });
        await engine.pause(false);
      },
      stop() {
        const { phase } = read().run;
        if (phase !== "running" && phase !== "paused") return;
        patch({ phase: "stopping" });
        abort.abort();
        if (phase === "paused") void engine.pause(false);
      },
      async open(id) {
        await show(id);
        const { request } = read().run;
        if (request && read().run.id === id) read().adopt(request);
      },
      async openLast() {
        const { session, model } = read();
        const runs = session.runs.filter((card) => !model.card || card.model === model.card.id);
        const last = runs.find(({ run }) => run === place.recall("run")) ?? runs.at(-1);
        if (last) await show(last.run);
      },
      clear() {
        if (read().run.phase !== "idle") return;
        token++;
        place.keep("run", "");
        write({ run: empty });
        read().forgetPictures("all but dense");
      },
      async remove(id) {
        try {
          await engine.removeRun(id);
          if (read().run.id === id) read().clear();
          await read().refresh();
        } catch (error) {
          read().report("The run was not removed", error);
        }
      },
    };
  };
}

function finished(result: SearchResult): RunState {
  return { ...stored(result), result };
}

/** How far a run had come; without its record only what its card says. */
function unfinished({ run, request, model, generation }: RunCard, record: SearchResult | undefined): RunState {
  return {
    ...(record ? stored(record) : empty),
    id: run,
    request,
    model: { id: model, name: "" },
    reached: generation,
  };
}

function stored({ run, request, model, space, generations, best, comparisons }: SearchResult): RunState {
  const schedule = best && { division: space.division, levels: best.levels, bank: space.bank };
  return { ...empty, id: run, request, model, space, generations, best, schedule, comparisons };
}
