// The one schedule of a run that a person looks at: picked out of all candidates, drawn beside dense.

import type { Level } from "../core/tensor.ts";
import type { Slice } from "./store.ts";

export interface PickSlice {
  readonly picked: { readonly run: string; readonly levels: readonly Level[] } | undefined;
  /** Of the shown run; draws its pictures. */
  pick(levels: readonly Level[]): void;
  unpick(): void;
}

export function createPickSlice(): Slice<PickSlice> {
  return (write, read) => ({
    picked: undefined,
    pick(levels) {
      const { run, model, draw } = read();
      if (!run.id || !run.space || !run.request) return;
      write({ picked: { run: run.id, levels } });
      // A run of another model has schedules that the loaded one cannot execute.
      if (run.model?.id !== model.card?.id) return;
      const { division, bank } = run.space;
      draw("candidate", { division, levels, bank }, run.request);
    },
    unpick: () => write({ picked: undefined }),
  });
}
