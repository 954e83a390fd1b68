// Three sizes of a search, from a coffee to the paper's own (Diff-ES §4). The page, the benches and the README use the
// same numbers.

import type { OptionValues } from "./options.ts";

interface Preset {
  readonly label: string;
  readonly help: string;
  /** Pictures and latents: fields of a search request. */
  readonly values: Readonly<
    Record<"probes" | "validation" | "heldOut" | "calibrationItems" | "stagesPerFactor", number>
  >;
  /** Options of the searchers, of those that have them. */
  readonly options: { readonly survivors: number; readonly offspring: number; readonly generations: number };
  /** What else a searcher needs. */
  readonly own?: Readonly<Record<string, OptionValues>>;
  /** The searcher it stands for; with another preset the chosen one stays. */
  readonly searcher?: string;
}

/** Of a searcher that learns from each schedule: few at a time. */
const few = { survivors: 8, offspring: 6 };

export const presets = {
  quick: {
    label: "Quick",
    help: "a first answer",
    values: { probes: 4, validation: 8, heldOut: 16, calibrationItems: 32, stagesPerFactor: 2 },
    options: { survivors: 4, offspring: 8, generations: 8 },
    own: { bayesian: { ...few, generations: 8 } },
  },
  standard: {
    label: "Standard",
    help: "a result to rely on",
    values: { probes: 16, validation: 16, heldOut: 16, calibrationItems: 128, stagesPerFactor: 1 },
    options: { survivors: 4, offspring: 16, generations: 30 },
    own: { bayesian: { ...few, generations: 25 } },
  },
  paper: {
    label: "Paper",
    help: "as published",
    values: { probes: 64, validation: 0, heldOut: 16, calibrationItems: 512, stagesPerFactor: 1 },
    options: { survivors: 4, offspring: 16, generations: 100 },
    searcher: "evolution",
  },
} as const satisfies Readonly<Record<string, Preset>>;

/** Of a front of quality against cost: mean sparsities, as in the tables of Diff-ES §4. */
export const targets = [0.1, 0.2, 0.3, 0.4, 0.5] as const;

export type PresetId = keyof typeof presets;

/** The searcher that is used unless another is chosen. */
export const USUAL_SEARCHER = "bayesian";

/** The searcher of a preset where this one was chosen. */
export function presetSearcher(id: PresetId, chosen: string): string {
  const { searcher }: Preset = presets[id];
  return searcher ?? chosen;
}

/** What a preset says of a searcher's options; it need not have all of them. */
export function presetOptions(id: PresetId, searcher: string): OptionValues {
  const { options, own }: Preset = presets[id];
  return { ...options, ...own?.[searcher] };
}
export const presetIds = Object.keys(presets) as readonly PresetId[];
