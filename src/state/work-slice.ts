// Long work beside the search, one piece at a time because there is one device: a table of stages, a sweep. It can be
// cancelled; what the engine has stored by then, it finds again.

import type { On, Progress } from "../engine/api.ts";
import type { Slice, StudioState } from "./store.ts";

export interface Work {
  readonly kind: "sensitivity" | "sweep" | "bank" | "evaluation";
  /** Undefined until the first is told. */
  readonly progress: Progress | undefined;
  /** It was cancelled and is about to end. */
  readonly stopping: boolean;
}

export interface WorkSlice {
  readonly work: Work | undefined;
  /**
   * Does nothing while the device is taken.
   * @param title of what is reported if it fails
   */
  begin(
    kind: Work["kind"],
    title: string,
    action: (on: On<Progress>, signal: AbortSignal) => Promise<void>,
  ): Promise<void>;
  cancelWork(): void;
}

/** Neither a search nor other work may begin. */
export function selectBusy({ run, work, banks }: StudioState): boolean {
  return run.phase !== "idle" || work !== undefined || banks.work?.kind === "import";
}

export function createWorkSlice(): Slice<WorkSlice> {
  let abort = new AbortController();
  return (write, read) => ({
    work: undefined,
    async begin(kind, title, action) {
      if (selectBusy(read())) return;
      abort = new AbortController();
      const { signal } = abort;
      const show = (progress?: Progress) => write({ work: { kind, progress, stopping: signal.aborted } });
      read().dismiss(title);
      show();
      try {
        await action(show, signal);
      } catch (error) {
        read().report(title, error);
      }
      write({ work: undefined });
      await Promise.all([read().refresh(), read().refreshBanks()]);
      await read().settle(); // what was stored makes the next search shorter
    },
    cancelWork() {
      const { work } = read();
      if (!work) return;
      abort.abort();
      write({ work: { ...work, stopping: true } });
    },
  });
}
