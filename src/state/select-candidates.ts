// What the table of candidates and the genealogy read.

import { trajectoryMacs } from "../core/cost.ts";
import { scheduleKey } from "../core/schedule.ts";
import type { Level, Macs } from "../core/tensor.ts";
import type { SearchResult, SearchSummary } from "../engine/api.ts";
import { type Candidate, candidatesOf } from "./candidates.ts";
import { type Ancestor, ancestryOf } from "./genealogy.ts";
import { memoise } from "./memoise.ts";
import type { GridRow } from "./selectors.ts";
import { shelves } from "./settings.ts";
import type { StudioState } from "./store.ts";

export interface CandidateRow extends Candidate {
  /** Mean over the validation pictures; of finalists only. */
  readonly validation: number | undefined;
  /** Whole trajectory of one picture; undefined while the run's model is not loaded. */
  readonly macs: Macs | undefined;
  /** The search's winner, or the fittest so far. */
  readonly winner: boolean;
}
export interface CandidateList {
  readonly rows: readonly CandidateRow[];
  readonly maxLevel: Level;
  /** Kinds of origins there are, in the order in which they first came. */
  readonly origins: readonly string[];
}

/** Of finished generations: those in progress would move under the reader's eyes. */
const selectAll = memoise(({ run }: StudioState) => [run.generations] as const, candidatesOf);

const selectMacs = memoise(
  ({ run, model }: StudioState) => [run.space, run.request, run.model, model.card] as const,
  (space, request, model, card) => {
    if (!space || !request || !card || card.id !== model?.id) return () => undefined;
    const kind = shelves.pruner.get(request.pruner.id).kind as "width" | "depth";
    return (levels: readonly Level[]): Macs => trajectoryMacs(card.spec, kind, levels, space.stageOfStep);
  },
);

export const selectCandidates = memoise(
  (state: StudioState) =>
    [selectAll(state), state.run.space, state.run.result, state.run.best, selectMacs(state)] as const,
  (candidates, space, result, best, macs): CandidateList | undefined => {
    if (!space || candidates.length === 0) return undefined;
    const validation = validationsOf(result);
    const winner = best && scheduleKey(best.levels);
    return {
      rows: candidates.map((candidate) => ({
        ...candidate,
        validation: validation.get(candidate.key),
        macs: macs(candidate.levels),
        winner: candidate.key === winner,
      })),
      maxLevel: space.maxLevel,
      origins: [...new Set(candidates.map(({ origin }) => origin.kind))],
    };
  },
);

export interface Picked {
  readonly candidate: CandidateRow;
  /** Its pictures, as the sample grid has those of other schedules. */
  readonly row: GridRow;
}

/** The candidate of the shown run that was picked. */
export const selectPicked = memoise(
  (state: StudioState) => [selectCandidates(state), state.picked, state.run.id, state.samples.rows.candidate] as const,
  (list, picked, run, sample): Picked | undefined => {
    const key = picked && picked.run === run && scheduleKey(picked.levels);
    const candidate = list?.rows.find((row) => row.key === key);
    if (!candidate) return undefined;
    const shown = sample?.schedule && scheduleKey(sample.schedule.levels);
    return {
      candidate,
      row: {
        id: "candidate",
        sample,
        stale: shown !== undefined && shown !== key,
        cost: shown === key ? sample?.grid?.cost : undefined,
        step: undefined,
        speedUp: undefined,
        fitness: candidate.fitness,
        heldOut: undefined,
      },
    };
  },
);

function validationsOf(result: SearchResult | undefined): ReadonlyMap<string, number> {
  return new Map(result?.finalists.map(({ levels, validation }) => [scheduleKey(levels), validation]));
}

export interface Genealogy {
  /** The founder first, the winner last. */
  readonly chain: readonly Ancestor[];
  readonly space: SearchSummary;
}

/** Of the winner, or of the fittest so far. */
export const selectGenealogy = memoise(
  (state: StudioState) => [selectAll(state), state.run.space, state.run.result?.best] as const,
  (candidates, space, winner): Genealogy | undefined => {
    const fittest = candidates.find(({ rank }) => rank === 1);
    if (!space || !fittest) return undefined;
    return { chain: ancestryOf(winner ? scheduleKey(winner.levels) : fittest.key, candidates), space };
  },
);
