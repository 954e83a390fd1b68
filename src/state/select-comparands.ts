// The schedules that can be compared: dense, those of the shown run, the one that was picked, the edited one, and the
// winners of stored runs.

import type { Level } from "../core/tensor.ts";
import type { Division, RoutedSchedule, RunCard, SearchResult } from "../engine/api.ts";
import { memoise } from "./memoise.ts";
import type { RowId } from "./samples-slice.ts";
import { selectDraft, selectDraftBank } from "./select-draft.ts";
import type { StudioState } from "./store.ts";

/** Of a schedule that is compared; a stored run stands for its winner. */
export type SideId = RowId | `run ${string}`;

export interface Comparand {
  readonly id: SideId;
  /** Undefined is the dense model. */
  readonly schedule: RoutedSchedule | undefined;
  /** Of its bank; 1 for dense. */
  readonly maxLevel: Level;
}

/** Those that can be drawn at once. */
export const selectComparands = memoise(
  (state: StudioState) =>
    [
      state.model.card?.id,
      state.run,
      state.picked,
      selectDraft(state),
      selectDraftBank(state),
      state.compare.winners,
    ] as const,
  (model, run, picked, draft, { id: draftBank, card: bankCard }, winners): readonly Comparand[] => {
    if (model === undefined) return [];
    const found: Comparand[] = [{ id: "dense", schedule: undefined, maxLevel: 1 }];
    const { space } = run;
    const add = (id: SideId, schedule: RoutedSchedule | undefined, maxLevel: Level) => {
      if (schedule) found.push({ id, schedule, maxLevel });
    };
    // Of a run that was made elsewhere there are no banks to draw with.
    if (space && run.model?.id === model && !run.elsewhere) {
      const of = (id: RowId) => run.comparisons.find((comparison) => comparison.id === id)?.schedule;
      add("uniform", of("uniform"), space.maxLevel);
      add("mosaic", of("mosaic"), space.maxLevel);
      add("searched", run.schedule, space.maxLevel);
      if (picked && picked.run === run.id) add("candidate", routed(space, picked.levels), space.maxLevel);
    }
    if (draft && draftBank !== undefined && bankCard?.whole)
      add("yours", { division: draft.division, levels: draft.levels, bank: draftBank }, draft.space.maxLevel);
    return [...found, ...Object.values(winners)];
  },
);

/** Finished runs of the loaded model other than the one that is shown, newest first. */
export const selectOtherRuns = memoise(
  (state: StudioState) => [state.session.runs, state.model.card?.id, state.run.id] as const,
  (runs, model, shown): readonly RunCard[] =>
    runs.filter((card) => card.finished && card.model === model && card.run !== shown).reverse(),
);

export function winnerOf({ run, space, best }: SearchResult): Comparand {
  return { id: `run ${run}`, schedule: routed(space, best.levels), maxLevel: space.maxLevel };
}

function routed({ division, bank }: { readonly division: Division; readonly bank: string }, levels: readonly Level[]) {
  return { division, levels, bank };
}
