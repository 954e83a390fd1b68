// Latents -> pixels for the page: through the decoder, or, for a model without one, as three principal
// components of the latent channels, so that structure is visible at all.

import type { Tensor } from "../core/tensor.ts";
import type { DeviceTensor } from "../runtime/runtime.ts";
import type { Pipeline } from "./pipeline.ts";

/**
 * RGBA per picture, side x side.
 * @param pictures the decoded latents, [B, 3, side, side] in [-1, 1], of a model with a decoder; both stay the caller's
 */
export async function toPixels(
  pipeline: Pipeline,
  latents: DeviceTensor,
  pictures: DeviceTensor | undefined,
): Promise<{ readonly pixels: Uint8ClampedArray[]; readonly side: number }> {
  const shown = pictures
    ? ((await pictures.download()) as Tensor)
    : projected(pipeline, (await latents.download()) as Tensor);
  const [count, , side] = shown.shape as [number, number, number, number];
  return { pixels: Array.from({ length: count }, (_, index) => toRgba(shown, index)), side };
}

/** One picture of [B, 3, H, W] in [-1, 1], rounded to 8 bits. */
function toRgba({ shape, data }: Tensor, index: number): Uint8ClampedArray {
  const [, , height, width] = shape as [number, number, number, number];
  const area = height * width;
  const rgba = new Uint8ClampedArray(4 * area);
  for (let pixel = 0; pixel < area; pixel++) {
    for (let channel = 0; channel < 3; channel++)
      rgba[4 * pixel + channel] = ((data[(3 * index + channel) * area + pixel] as number) + 1) * 127.5;
    rgba[4 * pixel + 3] = 255;
  }
  return rgba;
}

/** Colours mean the same in all pictures of a model: the first that are shown decide the directions. */
function projected(pipeline: Pipeline, latents: Tensor): Tensor {
  const known = bases.get(pipeline) ?? principalBasis(latents);
  bases.set(pipeline, known);
  return project(latents, known);
}
const bases = new WeakMap<Pipeline, LatentBasis>();

/** Directions in channel space, strongest first. */
export interface LatentBasis {
  /** [C] */
  readonly mean: Float64Array;
  readonly components: readonly { readonly direction: Float64Array; readonly variance: number }[];
}

const POWER_ITERATIONS = 50;

/** The three strongest directions of latents [B, C, h, w] over the whole batch. */
export function principalBasis({ shape, data }: Tensor): LatentBasis {
  const [count, channels, height, width] = shape as [number, number, number, number];
  const area = height * width;
  const samples = count * area;
  const at = (sample: number, channel: number) => {
    const picture = Math.floor(sample / area);
    return data[(picture * channels + channel) * area + (sample % area)] as number;
  };
  const mean = new Float64Array(channels);
  for (let sample = 0; sample < samples; sample++)
    for (let i = 0; i < channels; i++) mean[i] = (mean[i] as number) + at(sample, i) / samples;
  const covariance = new Float64Array(channels * channels);
  const add = (i: number, j: number, value: number) => {
    covariance[i * channels + j] = (covariance[i * channels + j] as number) + value;
  };
  const centred = (sample: number, i: number) => at(sample, i) - (mean[i] as number);
  for (let sample = 0; sample < samples; sample++)
    for (let i = 0; i < channels; i++)
      for (let j = 0; j < channels; j++) add(i, j, (centred(sample, i) * centred(sample, j)) / samples);

  const components = [];
  for (let component = 0; component < 3; component++) {
    const strongest = strongestDirection(covariance, channels);
    const { direction, variance } = strongest;
    components.push(strongest);
    for (let i = 0; i < channels; i++)
      for (let j = 0; j < channels; j++) add(i, j, -variance * (direction[i] as number) * (direction[j] as number));
  }
  return { mean, components };
}

/** [B, C, h, w] -> [B, 3, h, w]: two standard deviations of each direction reach from 0 to 1. */
export function project({ shape, data }: Tensor, { mean, components }: LatentBasis): Tensor {
  const [count, channels, height, width] = shape as [number, number, number, number];
  const area = height * width;
  const out = new Float32Array(count * 3 * area);
  for (let picture = 0; picture < count; picture++)
    for (const [component, { direction, variance }] of components.entries())
      for (let pixel = 0; pixel < area; pixel++) {
        let projection = 0;
        for (let i = 0; i < channels; i++)
          projection +=
            ((data[(picture * channels + i) * area + pixel] as number) - (mean[i] as number)) *
            (direction[i] as number);
        out[(picture * 3 + component) * area + pixel] = projection / (2 * Math.sqrt(variance) || 1);
      }
  return { shape: [count, 3, height, width], data: out };
}

/** Power iteration; a fixed start makes colours the same at every call. */
function strongestDirection(matrix: Float64Array, n: number): { direction: Float64Array; variance: number } {
  let direction = Float64Array.from({ length: n }, (_, index) => 1 + index / n);
  let variance = 0;
  for (let iteration = 0; iteration < POWER_ITERATIONS; iteration++) {
    const next = new Float64Array(n);
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++)
        next[i] = (next[i] as number) + (matrix[i * n + j] as number) * (direction[j] as number);
    const norm = Math.hypot(...next);
    if (norm < 1e-12) return { direction: new Float64Array(n), variance: 0 };
    variance = norm / Math.hypot(...direction);
    direction = next.map((value) => value / norm);
  }
  return { direction, variance };
}
