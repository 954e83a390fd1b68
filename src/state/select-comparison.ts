// The comparison as it is shown: each schedule's pictures of the same noise and classes, and how far they are from those of
// the first one.

import type { StageIndex, Timestep } from "../core/tensor.ts";
import { stageOfSteps, visitedTimesteps } from "../core/timeline.ts";
import type { SampleGrid, SampleRequest } from "../engine/api.ts";
import { decibels, type Rgba, squaredError, ssimMap } from "../metrics/parts/picture-scores.ts";
import type { SamplingPlan } from "./compare-slice.ts";
import { arranged } from "./disagreement.ts";
import { type Drawing, drawingKey } from "./gallery-slice.ts";
import { COLUMNS, pictureLabels } from "./labels.ts";
import { latentError } from "./latent-error.ts";
import { memoise } from "./memoise.ts";
import { type Comparand, type SideId, selectComparands } from "./select-comparands.ts";
import { mean } from "./selectors.ts";
import type { StudioState } from "./store.ts";

/** Of one picture, or means over all, against the reference's; picture scores are of 8 bits a channel. */
export interface PictureScores {
  readonly ssim: number;
  /** dB */
  readonly psnr: number;
  /** Squared difference of the final latents over the reference's squares. */
  readonly latentError: number;
}

export interface Side extends Comparand {
  /** Of the first side's pictures, or against them. */
  readonly reference: boolean;
  /** Undefined where it is not drawn yet. */
  readonly pictures: readonly (Rgba | undefined)[];
  readonly scores: readonly (PictureScores | undefined)[];
  /** Over all pictures, once they are drawn. */
  readonly mean: PictureScores | undefined;
  /** The picture in large as it is predicted at each step; empty until that is asked for and drawn. */
  readonly predicted: readonly Rgba[];
  /** Of each step; empty for dense. */
  readonly stageOfStep: readonly StageIndex[];
  /** Of the drawing under way. */
  readonly progress: Drawing["progress"] | undefined;
  readonly failed: boolean;
}

export interface Comparison {
  readonly plan: SamplingPlan;
  readonly sides: readonly Side[];
  /** Asked for, but there is no such schedule now. */
  readonly missing: readonly SideId[];
  /** Of a picture, pixels; 0 until one is drawn. */
  readonly side: number;
  /** Of each picture. */
  readonly labels: readonly number[];
  readonly seeds: readonly number[];
  /** Visited, in sampling order. */
  readonly timesteps: readonly Timestep[];
  /** Indices of pictures as they are shown. */
  readonly arranged: readonly number[];
}

export const selectPlanOfPictures = memoise(
  ({ compare, run, settings, model }: StudioState) =>
    [compare.plan ?? (run.model?.id === model.card?.id ? run.request : undefined) ?? settings] as const,
  ({ steps, guidance, sampler, seed }): SamplingPlan => ({ steps, guidance, sampler, seed }),
);

const selectShown = memoise(
  (state: StudioState) => [state.compare.sides, selectComparands(state)] as const,
  (sides, comparands) => {
    const of = (id: SideId) => comparands.find((comparand) => comparand.id === id);
    return { shown: sides.map(of).filter((side) => side !== undefined), missing: sides.filter((id) => !of(id)) };
  },
);

/** For each side one request a seed. */
const selectRequests = memoise(
  (state: StudioState) =>
    [selectShown(state).shown, selectPlanOfPictures(state), state.model.card, state.compare.seeds] as const,
  (shown, plan, card, seeds): readonly (readonly SampleRequest[])[] => {
    const labels = card ? pictureLabels(card) : [];
    return shown.map(({ schedule }) =>
      Array.from({ length: seeds }, (_, offset) => ({ ...plan, seed: plan.seed + offset, schedule, labels })),
    );
  },
);

/** For each side the picture in large with its predictions, while they are looked at. */
const selectPredictionRequests = memoise(
  (state: StudioState) => [selectRequests(state), state.compare.picture, state.compare.step !== undefined] as const,
  (requests, picture, wanted): readonly SampleRequest[] => {
    if (!wanted) return [];
    const first = picture % COLUMNS;
    return requests.flatMap((side) => {
      const request = side[Math.floor(picture / COLUMNS)];
      return request ? [{ ...request, labels: request.labels.slice(first, first + 1), first, predictions: true }] : [];
    });
  },
);

/** In the order in which they are drawn: predictions that are waited for, then all sides of the first seed. */
export const selectComparisonRequests = memoise(
  (state: StudioState) => [selectRequests(state), selectPredictionRequests(state)] as const,
  (requests, predictions): readonly SampleRequest[] => [
    ...predictions,
    ...(requests[0] ?? []).flatMap((_, offset) => requests.map((side) => side[offset] as SampleRequest)),
  ],
);

export const selectComparison = memoise(
  (state: StudioState) =>
    [
      selectShown(state),
      selectRequests(state),
      selectPredictionRequests(state),
      selectPlanOfPictures(state),
      state.model.card,
      state.compare.order,
      state.gallery,
    ] as const,
  ({ shown, missing }, requests, predictionRequests, plan, card, order, gallery): Comparison => {
    const timesteps = card ? visitedTimesteps(card, plan.steps) : [];
    const drawings = requests.map((side) => side.map((request) => gallery[drawingKey(request)]));
    const [reference = []] = drawings;
    const sides = shown.map((comparand, index): Side => {
      const request = predictionRequests[index];
      const predictions = request && gallery[drawingKey(request)];
      const side = sideOf(comparand, drawings[index] ?? [], reference, index === 0);
      return {
        ...side,
        progress: predictions && !predictions.grid ? predictions.progress : side.progress,
        predicted: predictions?.predictions.flatMap(([picture]) => picture ?? []) ?? [],
        stageOfStep: comparand.schedule ? stageOfSteps(comparand.schedule.division, timesteps) : [],
      };
    });
    const others = sides.slice(1);
    const labels = (requests[0] ?? []).flatMap((request) => request.labels);
    const disagreement = labels.map((_, picture) => {
      const known = others.flatMap(({ scores }) => scores[picture] ?? []);
      return known.length < others.length || known.length === 0 ? undefined : 1 - mean(known.map(({ ssim }) => ssim));
    });
    return {
      plan,
      sides,
      missing,
      side: drawings.flat().find((drawing) => drawing?.grid)?.grid?.side ?? 0,
      labels,
      seeds: (requests[0] ?? []).flatMap(({ seed, labels }) => labels.map(() => seed)),
      timesteps,
      arranged: arranged(disagreement, order, plan.seed),
    };
  },
);

type Drawings = readonly (Drawing | undefined)[];

function sideOf(
  comparand: Comparand,
  own: Drawings,
  reference: Drawings,
  first: boolean,
): Omit<Side, "predicted" | "stageOfStep"> {
  const scores = own.flatMap((drawing, seed): readonly (PictureScores | undefined)[] => {
    const [grid, other] = [drawing?.grid, reference[seed]?.grid];
    return grid && other && !first ? scoresOf(grid, other) : new Array<undefined>(COLUMNS).fill(undefined);
  });
  const known = scores.filter((score) => score !== undefined);
  const over = (key: keyof PictureScores) => mean(known.map((score) => score[key]));
  return {
    ...comparand,
    reference: first,
    pictures: own.flatMap(
      (drawing): Side["pictures"] => drawing?.grid?.pixels ?? new Array<undefined>(COLUMNS).fill(undefined),
    ),
    scores,
    mean:
      known.length > 0 && known.length === scores.length
        ? { ssim: over("ssim"), psnr: over("psnr"), latentError: over("latentError") }
        : undefined,
    progress: own.find((drawing) => drawing && !drawing.grid)?.progress,
    failed: own.some((drawing) => drawing?.failed),
  };
}

/** By pictures, then by those that they are compared with: a page asks again at every change of the store. */
const scored = new WeakMap<SampleGrid, WeakMap<SampleGrid, readonly PictureScores[]>>();

function scoresOf(grid: SampleGrid, reference: SampleGrid): readonly PictureScores[] {
  const known = scored.get(grid) ?? new WeakMap<SampleGrid, readonly PictureScores[]>();
  scored.set(grid, known);
  const size = grid.latents.data.length / grid.pixels.length;
  const scores =
    known.get(reference) ??
    grid.pixels.map((pixels, index) => ({
      ...pictureScores(pixels, reference.pixels[index] as Rgba, grid.side),
      latentError: latentError(grid.latents.data, reference.latents.data, index * size, (index + 1) * size),
    }));
  known.set(reference, scores);
  return scores;
}

export function pictureScores(own: Rgba, reference: Rgba, side: number): Pick<PictureScores, "ssim" | "psnr"> {
  return { ssim: mean([...ssimMap(own, reference, side)]), psnr: decibels(squaredError(own, reference)) };
}
