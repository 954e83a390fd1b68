// What a feature network sees in whatever stands for a set of pictures: a folder, an archive of ADM's, latents, or
// statistics that were made before.

import { at } from "../../core/errors.ts";
import type { Tensor } from "../../core/tensor.ts";
import { decodedBatches } from "../../engine/decoded.ts";
import { describePictures, type PictureBatch } from "../../engine/describe.ts";
import type { LoadedModel } from "../../engine/load.ts";
import { momentsOf, readStatistics } from "../../engine/statistics-file.ts";
import { readNpz } from "../../formats/npz.ts";
import { readSafetensors, toFloat32, toInt32 } from "../../formats/safetensors.ts";
import type { FeatureStatistics } from "../../metrics/parts/feature-statistics.ts";
import { type FeatureNetwork, featureNetwork } from "../../models/feature-network.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import { readModelFile } from "../environment.ts";
import { folderBatches, npzBatches } from "./batches.ts";

export interface Looker {
  readonly runtime: Runtime;
  readonly model: LoadedModel;
  readonly network: FeatureNetwork;
  /** Features that are kept of a set. */
  readonly keep: number;
}

/** @throws missing-data when the file holds no network that is known, corrupt-data: each names the file */
export async function networkIn(path: string, { card }: LoadedModel): Promise<FeatureNetwork> {
  const bytes = await readModelFile(path);
  try {
    const floats = [...readSafetensors(bytes).tensors].filter(([, { dtype }]) => !dtype.startsWith("I")); // counts of batches
    const weights = new Map(floats.map(([name, entry]) => [name, { shape: entry.shape, data: toFloat32(entry) }]));
    return featureNetwork(weights, card.imageSize);
  } catch (error) {
    throw at(path, error);
  }
}

/** @throws missing-data, corrupt-data, shape-mismatch, invalid-input: each names the file or the folder */
export async function lookAt(path: string, looker: Looker): Promise<FeatureStatistics> {
  const { model, network } = looker;
  if (path.endsWith(".safetensors")) return lookInto(path, await readModelFile(path), looker);
  if (!path.endsWith(".npz")) return describe(folderBatches(path, model.card.classes, network.side), looker);
  const file = readNpz(path, await readModelFile(path));
  const [mu, sigma] = [await file.read("mu"), await file.read("sigma")];
  const gaussian = mu && sigma && momentsOf(path, mu, sigma, network);
  const described = await describe(npzBatches(path, file, network.side), looker);
  return gaussian ? { ...described, gaussian } : described; // of the whole set, of which the pictures are a part
}

/** Latents of the model's, or statistics. */
async function lookInto(path: string, bytes: Uint8Array, looker: Looker): Promise<FeatureStatistics> {
  const labels = readSafetensors(bytes).tensors.get("labels");
  const latents = latentsIn(bytes);
  if (!latents) return readStatistics(path, bytes, looker.network);
  return describe(decodedBatches(looker.runtime, looker.model, latents, labels && toInt32(labels)), looker);
}

/** What sample wrote into a safetensors file. [N, C, h, w] */
export function latentsIn(bytes: Uint8Array): Tensor | undefined {
  const latents = readSafetensors(bytes).tensors.get("latents");
  return latents && { shape: latents.shape, data: toFloat32(latents) };
}

function describe(
  batches: AsyncIterable<PictureBatch>,
  { runtime, network, keep }: Looker,
): Promise<FeatureStatistics> {
  return describePictures(runtime, network, batches, { keep });
}
