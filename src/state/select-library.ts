// The stored runs of the loaded model as the library lists them.

import type { Bytes } from "../core/tensor.ts";
import type { RunCard } from "../engine/api.ts";
import { memoise } from "./memoise.ts";
import type { StudioState } from "./store.ts";

export interface Library {
  /** Newest first, without one that is being removed. */
  readonly runs: readonly RunCard[];
  /** How many are of other models. */
  readonly others: number;
  /** Of all models. */
  readonly bytes: Bytes;
}

export const selectLibrary = memoise(
  (state: StudioState) => [state.session.runs, state.model.card?.id, state.removing] as const,
  (all, model, removing): Library => {
    const kept = all.filter(({ run }) => run !== removing);
    const runs = kept.filter((card) => card.model === model).reverse();
    return { runs, others: kept.length - runs.length, bytes: kept.reduce((sum, { bytes }) => sum + bytes, 0) };
  },
);
