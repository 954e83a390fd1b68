// How large the tables are: "demo" is what the documents show, "paper" what the paper did.

import type { PresetId } from "../../../core/presets.ts";
import type { ModelCard, SearchRequest } from "../../../engine/api.ts";
import { presetRequest } from "../preset-request.ts";
import type { Row } from "./row.ts";

export interface TableScale {
  /** Evaluated of each schedule. */
  readonly pictures: number;
  readonly preset: PresetId;
  /** Where searches differ from the preset. */
  readonly search: Partial<SearchRequest>;
}

const TINY = { survivors: 2, offspring: 4, generations: 2 };

export const tableScales = {
  nano: {
    pictures: 20,
    preset: "quick",
    search: { probes: 2, validation: 2, heldOut: 2, searcher: { id: "evolution", options: TINY } },
  },
  // So few probes need more pictures to choose by among the best; they are a tenth of the search.
  demo: { pictures: 2_000, preset: "standard", search: { validation: 64 } },
  paper: { pictures: 50_000, preset: "paper", search: {} },
} as const satisfies Readonly<Record<string, TableScale>>;
export type TableScaleId = keyof typeof tableScales;

/** What a search of this scale asks for, but for what a row changes: the paper's evolution. */
export function requestAt({ preset, search }: TableScale, card: ModelCard, change: Partial<SearchRequest>) {
  return { ...presetRequest(preset, card, "evolution"), ...search, ...change } satisfies SearchRequest;
}

/** So many, from 0 on. */
export function seedsOf(count: number): number[] {
  return Array.from({ length: count }, (_, seed) => seed);
}

/** The dense model as it is, on a seed's pictures. It comes before the seed's other rows, which are compared with it. */
export function denseRow(scale: TableScale, card: ModelCard, seed: number, cells: readonly string[]): Row {
  return { cells, method: "dense", found: requestAt(scale, card, { seed }), pictures: scale.pictures, shown: true };
}
