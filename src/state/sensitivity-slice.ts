// What pruning each stage alone costs, as it is measured. The table holds for every budget, so it stays when the target
// changes; other settings ask for another one.

import { targets } from "../core/presets.ts";
import type { Level } from "../core/tensor.ts";
import type { SensitivityEvent, SensitivityRequest, SensitivityResult } from "../engine/api.ts";
import { tableOptions } from "../searchers/parts/options.ts";
import { keepResult, recallResult } from "./kept.ts";
import { reachableTargets, scoringOf } from "./select-sensitivity.ts";
import { selectPlan } from "./selectors.ts";
import type { Outside, Slice } from "./store.ts";

export type MeasuredLoss = Extract<SensitivityEvent, { type: "loss" }>;

export interface SensitivitySlice {
  readonly sensitivity: {
    /** Every how many levels a stage is to be measured. */
    readonly spacing: Level;
    /** What is shown; undefined while nothing is. */
    readonly measured:
      | { readonly request: SensitivityRequest; readonly model: string; readonly maxLevel: Level }
      | undefined;
    /** As they are measured; the whole table is in `result`. */
    readonly losses: readonly MeasuredLoss[];
    readonly result: SensitivityResult | undefined;
  };
  setSpacing(levels: Level): void;
  /** Of the settings, with the schedules that it predicts for the usual targets and the one that is set. */
  measureSensitivity(): Promise<void>;
}

type Kept = Pick<SensitivitySlice["sensitivity"], "measured" | "result">;
const KEY = "sensitivity";

export function createSensitivitySlice({ engine, place }: Outside): Slice<SensitivitySlice> {
  return (write, read) => {
    const patch = (change: Partial<SensitivitySlice["sensitivity"]>) =>
      write(({ sensitivity }) => ({ sensitivity: { ...sensitivity, ...change } }));
    return {
      sensitivity: {
        spacing: tableOptions.levels.default,
        losses: [],
        ...(recallResult<Kept>(place, KEY) ?? { measured: undefined, result: undefined }),
      },
      setSpacing: (spacing) => patch({ spacing }),
      async measureSensitivity() {
        const { settings, sensitivity, model, begin } = read();
        const plan = selectPlan(read());
        const { card } = model;
        if (!plan || !card) return;
        const { maxLevel } = plan;
        const asked = [...new Set([...targets, settings.target])].sort((a, b) => a - b);
        const request: SensitivityRequest = {
          ...scoringOf(settings),
          levels: sensitivity.spacing,
          targets: reachableTargets(asked, settings.stages, maxLevel),
        };
        await begin("sensitivity", "The sensitivity was not measured", async (show, signal) => {
          patch({ measured: { request, model: card.id, maxLevel }, losses: [], result: undefined });
          const take = (event: SensitivityEvent) => {
            if (event.type === "progress") show(event);
            else patch({ losses: [...read().sensitivity.losses, event] });
          };
          const result = await engine.sensitivity(request, take, signal);
          patch({ result });
          keepResult(place, KEY, { measured: read().sensitivity.measured, result } satisfies Kept);
        });
      },
    };
  };
}
