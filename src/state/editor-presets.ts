// Schedules to start from by hand: those that a search starts from (Diff-ES §3.2), and what was found.

import { mosaicLevels, type PatternName, patternLevels, projectBySteps, uniformLevels } from "../core/patterns.ts";
import { mosaicDivision } from "../core/schedule.ts";
import { reachedBy } from "../core/space.ts";
import type { Level } from "../core/tensor.ts";
import { stageOfSteps, visitsPerStage } from "../core/timeline.ts";
import { memoise } from "./memoise.ts";
import { type Draft, selectDraft } from "./select-draft.ts";
import { selectSensitivity } from "./select-sensitivity.ts";
import type { StudioState } from "./store.ts";

export interface Preset {
  readonly id: string;
  readonly label: string;
  /** As many as the draft has stages, or those of the run that found them. */
  readonly levels: readonly Level[];
}

/** What a pattern prunes most; two more of the authors' names mean the same as "front" and "back". */
const patterns: readonly (readonly [PatternName, string])[] = [
  ["back", "Noise first: most at the beginning"],
  ["front", "Picture first: most at the end"],
  ["middle", "Middle: most in between"],
  ["ends", "Ends: most at both ends"],
  ["zigzag", "Zigzag: more and less in turn"],
];

export const selectPresets = memoise(
  (state: StudioState) =>
    [
      selectDraft(state),
      state.run.model?.id === state.model.card?.id ? state.run.best?.levels : undefined,
      selectSensitivity(state),
    ] as const,
  (draft, searched, sensitivity): readonly Preset[] => {
    if (!draft) return [];
    const { space, division } = draft;
    const measured = sensitivity && !sensitivity.stale && sensitivity.division.length === division.length;
    const optimum = measured ? sensitivity.optimum?.levels : undefined;
    return [
      { id: "uniform", label: "Uniform", levels: uniformLevels(space) },
      { id: "mosaic", label: "MosaicDiff, on these stages", levels: mosaicOn(draft) },
      ...(searched ? [{ id: "searched", label: "Best searched", levels: searched }] : []),
      ...(optimum ? [{ id: "sensitivity", label: "Least loss by the sensitivity map", levels: optimum }] : []),
      ...patterns.map(([id, label]) => ({ id, label, levels: patternLevels(id, space, "largest-remainder") })),
    ];
  },
);

/** MosaicDiff's three stages carried over step by step, as a search starts from them. */
function mosaicOn({ division, timesteps, stageOfStep, space }: Draft): Level[] {
  const stages = mosaicDivision(1 + (division[0]?.high ?? 0));
  const levels = mosaicLevels(reachedBy(space), space.maxLevel, visitsPerStage(stages, timesteps));
  return projectBySteps(levels, stageOfSteps(stages, timesteps), stageOfStep, space);
}

/** Presets that a draft may be compared with, where they have its stages. */
const references = ["uniform", "mosaic", "searched"] as const;
export type ReferenceId = (typeof references)[number];

export const selectReferences = memoise(
  (state: StudioState) => [selectPresets(state), state.settings.stages] as const,
  (presets, stages): readonly { readonly id: ReferenceId; readonly levels: readonly Level[] }[] =>
    references.flatMap((id) => {
      const levels = presets.find((preset) => preset.id === id)?.levels;
      return levels?.length === stages ? [{ id, levels }] : [];
    }),
);
