// Quality against cost: a search for each of several targets, as its points come in. Each is a run of its own in the
// library, so a sweep that was cancelled takes the finished ones as they are.

import { targets as usual } from "../core/presets.ts";
import type { Ratio } from "../core/tensor.ts";
import type { SweepEvent, SweepPoint, SweepRequest, SweepResult } from "../engine/api.ts";
import { keepResult, recallResult } from "./kept.ts";
import { selectProblem } from "./selectors.ts";
import type { Outside, Slice } from "./store.ts";

export interface SweepSlice {
  readonly sweep: {
    /** Of the next one: mean sparsities, each once. */
    readonly targets: readonly Ratio[];
    /** What is shown; undefined while nothing is. */
    readonly asked: { readonly request: SweepRequest; readonly model: string } | undefined;
    /** In the order of `request.targets`, as far as they are searched. */
    readonly points: readonly SweepPoint[];
    readonly result: SweepResult | undefined;
  };
  setTargets(targets: readonly Ratio[]): void;
  runSweep(): Promise<void>;
}

type Kept = Pick<SweepSlice["sweep"], "asked" | "points" | "result">;
const KEY = "front";

export function createSweepSlice({ engine, place }: Outside): Slice<SweepSlice> {
  return (write, read) => {
    const patch = (change: Partial<SweepSlice["sweep"]>) => write(({ sweep }) => ({ sweep: { ...sweep, ...change } }));
    return {
      sweep: {
        targets: usual,
        ...(recallResult<Kept>(place, KEY) ?? { asked: undefined, points: [], result: undefined }),
      },
      setTargets: (targets) => patch({ targets }),
      async runSweep() {
        const { settings, sweep, model, begin } = read();
        const { card } = model;
        if (!card || selectProblem(read())) return;
        const { target: _, ...setting } = settings;
        const request: SweepRequest = { ...setting, targets: sweep.targets };
        await begin("sweep", "The sweep stopped", async (show, signal) => {
          patch({ asked: { request, model: card.id }, points: [], result: undefined });
          const take = (event: SweepEvent) => {
            if (event.type === "progress") show(event);
            if (event.type === "point") patch({ points: [...read().sweep.points, event.point] });
          };
          patch({ result: await engine.sweep(request, take, signal) });
          const { asked, points, result } = read().sweep;
          keepResult(place, KEY, { asked, points, result } satisfies Kept);
        });
      },
    };
  };
}
