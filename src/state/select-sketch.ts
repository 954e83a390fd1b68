// The rows of pictures under the editor: the dense model's, the one that is compared with, the edited one's.

import type { Tensor } from "../core/tensor.ts";
import type { SampleGrid, ScheduleId } from "../engine/api.ts";
import { latentError } from "./latent-error.ts";
import { memoise } from "./memoise.ts";
import { type Settings, shelves } from "./settings.ts";
import type { SketchRow } from "./sketch-slice.ts";
import type { StudioState } from "./store.ts";

export interface SketchView extends Pick<SketchRow, "pixels" | "side" | "fresh" | "drawing"> {
  readonly id: ScheduleId;
  /** Against the dense model, mean over the shown pictures; undefined until all are drawn. */
  readonly scores: SketchScores | undefined;
}
export interface SketchScores {
  /** Its name, what it says, and its value as published. */
  readonly metric: string;
  readonly help: string;
  readonly value: number;
  /** Squared difference of the final latents over the dense ones' squares. */
  readonly latentError: number;
}

export const selectSketchRows = memoise(
  ({ samples, sketch, settings }: StudioState) =>
    [samples.rows.dense, sketch.rows, sketch.reference, settings] as const,
  (dense, rows, reference, settings): readonly SketchView[] => {
    const grid = dense?.drawing ? undefined : dense?.grid;
    const view = (id: ScheduleId, row: SketchRow | undefined): SketchView => ({
      id,
      pixels: row?.pixels ?? [],
      side: row?.side ?? 0,
      fresh: row?.fresh ?? 0,
      drawing: row?.drawing,
      scores: row?.grid && grid?.latents && scoresOf(row.grid, grid.latents, settings),
    });
    const pixels = dense?.grid?.pixels ?? [];
    return [
      {
        id: "dense",
        pixels,
        side: dense?.grid?.side ?? 0,
        fresh: pixels.length,
        drawing: dense?.drawing,
        scores: undefined,
      },
      ...(reference ? [view(reference, rows.reference)] : []),
      view("yours", rows.yours),
    ];
  },
);

function scoresOf({ scores = [], latents }: SampleGrid, dense: Tensor, { metric }: Settings): SketchScores {
  const { label, help, direction } = shelves.metric.get(metric.id);
  const mean = scores.reduce((sum, score) => sum + score, 0) / Math.max(1, scores.length);
  return {
    metric: label,
    help,
    value: direction === "lower" ? -mean : mean,
    latentError: latentError(latents.data, dense.data),
  };
}
