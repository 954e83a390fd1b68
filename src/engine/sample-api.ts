// The contract's part on pictures of one schedule: see api.ts.

import type { Level, Milliseconds, StepIndex, Tensor } from "../core/tensor.ts";
import type { Choice, Cost, Progress, RoutedSchedule } from "./api.ts";

export interface SampleRequest {
  /** Undefined samples the dense model. */
  readonly schedule?: RoutedSchedule | undefined;
  readonly steps: number;
  readonly guidance: number;
  readonly sampler: Choice;
  readonly labels: readonly number[];
  /** Noise is drawn from this seed, picture by picture, unless given. */
  readonly seed: number;
  readonly noise?: Tensor | undefined;
  /** Of the first picture among those of the seed; 0 unless given. A picture is the same beside whatever others. */
  readonly first?: number | undefined;
  /** Tells the clean picture that is predicted at every step, once the trajectory is run. */
  readonly predictions?: boolean | undefined;
  /** How to draw a schedule while a person edits it. */
  readonly sketch?: Sketch | undefined;
}
/**
 * A drawing among others of the same noise: it starts where an earlier one had come to with the same first stages, and
 * shows a few pictures before it begins the others.
 */
export interface Sketch {
  /** Pictures at a time; together as many as there are labels. */
  readonly parts: readonly number[];
  /** By which the pictures are compared with the dense model's. */
  readonly metric: Choice;
}
export interface SampleGrid {
  readonly latents: Tensor;
  /** RGBA, side x side per picture, in order. Principal components of the latents when there is no decoder. */
  readonly pixels: readonly Uint8ClampedArray[];
  readonly side: number;
  readonly labels: readonly number[];
  readonly cost: Cost;
  /** Of every step that was run: its level, and the denoiser's time for the batch; of a sketch, for its last part. */
  readonly timed: readonly { readonly level: Level; readonly time: Milliseconds }[];
  /** By a sketch's metric: one per picture, higher is better. */
  readonly scores?: readonly number[] | undefined;
}
export type SampleEvent =
  | Progress
  /** Pixels of all pictures as they are predicted at a step (x_0 of the network's output), first step first. */
  | { readonly type: "prediction"; readonly step: StepIndex; readonly pixels: SampleGrid["pixels"] }
  /** Of a sketch: pixels of the pictures from `first` on, before the others are drawn. */
  | { readonly type: "pictures"; readonly first: number; readonly pixels: SampleGrid["pixels"] };
