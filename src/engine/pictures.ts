// Latents -> pixels for the page: through the decoder, or, for a model without one, as three principal
// components of the latent channels, so that structure is visible at all.

import type { Tensor } from "../core/tensor.ts";
import { type DeviceTensor, takeFloats } from "../runtime/runtime.ts";
import type { Pipeline } from "./pipeline.ts";

/** RGBA per picture, side x side. `latents` stays owned by the caller. */
export async function toPixels(
  pipeline: Pipeline,
  latents: DeviceTensor,
): Promise<{ readonly pixels: Uint8ClampedArray[]; readonly side: number }> {
  const { hasDecoder } = pipeline.model.card;
  const pictures = hasDecoder
    ? await takeFloats(await pipeline.decode(latents))
    : principalComponents((await latents.download()) as Tensor);
  const [count, , side] = pictures.shape as [number, number, number, number];
  return { pixels: Array.from({ length: count }, (_, index) => toRgba(pictures, index)), side };
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

const POWER_ITERATIONS = 50;

/**
 * [B, C, h, w] -> [B, 3, h, w] in [-1, 1]: projections on the three strongest directions in channel space over the
 * whole batch, scaled so that two standard deviations fill the range.
 */
export function principalComponents({ shape, data }: Tensor): Tensor {
  const [count, channels, height, width] = shape as [number, number, number, number];
  const area = height * width;
  const at = (picture: number, channel: number, pixel: number) =>
    data[(picture * channels + channel) * area + pixel] as number;
  const samples = count * area;
  const mean = new Float64Array(channels);
  const covariance = new Float64Array(channels * channels);
  for (let picture = 0; picture < count; picture++)
    for (let pixel = 0; pixel < area; pixel++)
      for (let i = 0; i < channels; i++) mean[i] = (mean[i] as number) + at(picture, i, pixel) / samples;
  for (let picture = 0; picture < count; picture++)
    for (let pixel = 0; pixel < area; pixel++)
      for (let i = 0; i < channels; i++)
        for (let j = 0; j < channels; j++)
          covariance[i * channels + j] =
            (covariance[i * channels + j] as number) +
            ((at(picture, i, pixel) - (mean[i] as number)) * (at(picture, j, pixel) - (mean[j] as number))) / samples;

  const out = new Float32Array(count * 3 * area);
  for (let component = 0; component < 3; component++) {
    const { direction, variance } = strongestDirection(covariance, channels);
    for (let picture = 0; picture < count; picture++)
      for (let pixel = 0; pixel < area; pixel++) {
        let projection = 0;
        for (let i = 0; i < channels; i++)
          projection += (at(picture, i, pixel) - (mean[i] as number)) * (direction[i] as number);
        out[(picture * 3 + component) * area + pixel] = projection / (2 * Math.sqrt(variance) || 1);
      }
    for (let i = 0; i < channels; i++)
      for (let j = 0; j < channels; j++)
        covariance[i * channels + j] =
          (covariance[i * channels + j] as number) - variance * (direction[i] as number) * (direction[j] as number);
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
