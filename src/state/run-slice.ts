// The search: what it has found so far, generation by generation, and the verbs that drive it. Generations are only
// ever appended. Events of a run that is no longer shown are ignored (`token`).

import type { Level } from "../core/tensor.ts";
import type { On, Progress, SearchEvent, SearchRequest, SearchResult } from "../engine/api.ts";
import { finished, noRun, type RunState, unfinished } from "./run-state.ts";
import type { Outside, Slice } from "./store.ts";
import { selectBusy } from "./work-slice.ts";

export interface RunSlice {
  readonly run: RunState;
  search(request?: SearchRequest): Promise<void>;
  /** Goes on with the run that is shown. @param generations how many there are to be in all, if not as many as before */
  goOn(generations?: number): Promise<void>;
  /** Shows a run that shares the first generations of the one that is shown, and goes on with it. */
  fork(at: number, seed: number): Promise<void>;
  /** Has a schedule made by hand join the next generation of the run that is shown. True once it waits for that. */
  inject(levels: readonly Level[]): Promise<boolean>;
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
  /** An empty name takes it back. */
  rename(id: string, name: string): Promise<void>;
}

const STOPPED = "The search stopped";
const NOT_TAKEN = "The schedule was not taken";

export function createRunSlice({ engine, place }: Outside): Slice<RunSlice> {
  let token = 0;
  let abort = new AbortController();
  return (write, read) => {
    const patch = (change: Partial<RunState>) => write(({ run }) => ({ run: { ...run, ...change } }));

    function take(event: SearchEvent): void {
      const { run, draw } = read();
      const request = run.request as SearchRequest; // of the search that tells it
      switch (event.type) {
        case "progress":
          patch({ progress: event });
          break;
        case "started":
          place.keep("run", event.run);
          // What an interrupted run had found stays on screen; of another run nothing does.
          if (event.run !== run.id) {
            const { phase, progress, model } = run;
            patch({ ...noRun, phase, progress, model, request });
          }
          patch({
            id: event.run,
            space: event.space,
            generations: read().run.generations.slice(0, event.resumedAt),
            pending: [],
          });
          break;
        case "candidate":
          // Evidence off the budget is no schedule of any population.
          if (!event.candidate.partial) patch({ pending: [...run.pending, event.candidate] });
          patch({ reuse: event.reuse });
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
          void read().refresh(); // the list of runs tells how far it is
          break;
        }
        case "best":
          patch({ best: event.best, schedule: event.schedule });
          draw("searched", event.schedule, request);
      }
    }

    /** @param from what is on screen until the verb tells more */
    async function drive(
      from: RunState,
      verb: (on: On<SearchEvent>, signal: AbortSignal) => Promise<SearchResult>,
    ): Promise<void> {
      const mine = ++token;
      abort = new AbortController();
      read().dismiss(STOPPED);
      const progress: Progress = { type: "progress", phase: "calibrate", label: "Preparing", done: 0, total: 1 };
      write({ run: { ...from, phase: "running", progress } });
      read().drawDense();
      try {
        const result = await verb(
          (event) => mine === token && read().run.phase !== "idle" && take(event),
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
      run: noRun,
      async search(request = read().settings) {
        if (selectBusy(read())) return;
        const { run, model } = read();
        const same = JSON.stringify(request) === JSON.stringify(run.request) && run.forks.length === 0 && !run.result;
        if (!same) read().forgetPictures("all but dense");
        const from = same
          ? run
          : { ...noRun, request, model: model.card && { id: model.card.id, name: model.card.name } };
        await drive(from, (on, signal) => engine.search(request, on, signal));
      },
      async goOn(generations) {
        const { run } = read();
        const { id } = run;
        if (selectBusy(read()) || id === undefined) return;
        await drive({ ...run, result: undefined }, (on, signal) => engine.resume({ run: id, generations }, on, signal));
      },
      async fork(at, seed) {
        const { id } = read().run;
        if (selectBusy(read()) || id === undefined) return;
        try {
          const { run } = await engine.fork({ run: id, at, seed });
          await read().refresh();
          await show(run);
        } catch (error) {
          return read().report("The run was not forked", error);
        }
        await read().goOn();
      },
      async inject(levels) {
        const { id } = read().run;
        if (id === undefined) return false;
        read().dismiss(NOT_TAKEN);
        try {
          await engine.inject({ run: id, levels });
          return true;
        } catch (error) {
          read().report(NOT_TAKEN, error);
          return false;
        }
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
        const { session, model, run } = read();
        if (run.elsewhere && !run.elsewhere.stored) return;
        const runs = session.runs.filter((card) => !model.card || card.model === model.card.id);
        const last = runs.find((card) => card.run === place.recall("run")) ?? runs.at(-1);
        if (last) await show(last.run);
      },
      clear() {
        if (read().run.phase !== "idle") return;
        token++;
        place.keep("run", "");
        write({ run: noRun });
        read().forgetPictures("all but dense");
      },
      async rename(id, name) {
        try {
          await engine.renameRun(id, name);
          await read().refresh();
        } catch (error) {
          read().report("The run was not renamed", error);
        }
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
