// Latents -> pictures as they would be saved, a batch at a time: what metrics of sets look at.

import { StudioError } from "../core/errors.ts";
import { sizeOf, type Tensor } from "../core/tensor.ts";
import { decoderGraph } from "../models/autoencoder.ts";
import { type DeviceTensor, type Runtime, takeFloats } from "../runtime/runtime.ts";
import type { PictureBatch } from "./describe.ts";
import type { LoadedModel } from "./load.ts";

const BATCH = 50;

/**
 * @param latents [N, C, h, w]
 * @param labels [N]
 * @throws missing-data when the model has no decoder, shape-mismatch when the latents are of another model
 */
export async function* decodedBatches(
  runtime: Runtime,
  { decoder, spec, card }: LoadedModel,
  latents: Tensor,
  labels?: Int32Array,
): AsyncGenerator<PictureBatch> {
  if (!decoder) throw new StudioError("missing-data", `${card.name}: has no decoder; give pictures instead of latents`);
  const { channels, height, width } = spec.latent;
  const [count = 0, ...shape] = latents.shape;
  if (shape.join() !== [channels, height, width].join())
    throw new StudioError(
      "shape-mismatch",
      `latents are [${latents.shape.join(", ")}], ${card.name} has [N, ${channels}, ${height}, ${width}]; give latents of this model`,
    );
  const size = sizeOf(shape);
  const session = await runtime.load(decoderGraph(decoder), "decoder");
  try {
    for (let from = 0; from < count; from += BATCH) {
      const to = Math.min(count, from + BATCH);
      const batch = { shape: [to - from, ...shape], data: latents.data.slice(from * size, to * size) };
      const decoded = await takeFloats((await session.run({ latents: batch })).pictures as DeviceTensor);
      yield { pictures: asSaved(decoded), labels: labels?.slice(from, to) };
    }
  } finally {
    await session.free();
  }
}

/** Pictures in [-1, 1] as a file of them would be read again. */
export function asSaved({ shape, data }: Tensor): Tensor {
  return { shape, data: data.map(saved) };
}

/** A channel in [-1, 1] after it was saved in 8 bits; NaN stays, so that a broken picture is noticed. */
function saved(value: number): number {
  return Math.round((Math.min(1, Math.max(-1, value)) + 1) * 127.5) / 127.5 - 1;
}
