// The model card that the scripted engine shows, and the paired difference it reports.

import { StudioError } from "../core/errors.ts";
import type { Difference, ModelCard, ModelSource } from "../engine/api.ts";
import { samplersFor } from "../samplers/index.ts";

const CLASSES = [
  "planet",
  "mushroom",
  "sailboat",
  "lighthouse",
  "balloon",
  "fish",
  "flower",
  "butterfly",
  "cactus",
  "house",
];

/** @throws corrupt-data for files shorter than a header */
export function scriptedCard(source: ModelSource): ModelCard {
  const bundle = source.kind === "bundle";
  if (!bundle && source.bytes.length < 64)
    throw new StudioError(
      "corrupt-data",
      `${source.name}: the file has ${source.bytes.length} bytes, its header promises more; download it again`,
    );
  const spec = {
    architecture: "dit",
    depth: 12,
    width: 192,
    heads: bundle ? 12 : (source.heads ?? 12),
    headDim: 16,
    mlpWidth: 768,
    patch: 2,
    tokens: 16,
    latent: { channels: 6, height: 8, width: 8 },
    outputChannels: 6,
    numClasses: 10,
    guidedChannels: 6,
    prediction: bundle ? "v" : (source.prediction ?? "epsilon"),
    parameters: 8_200_000,
    layers: [],
  } as const;
  return {
    id: bundle ? "tiny-worlds" : `file-${source.name}`,
    name: bundle ? "Tiny Worlds" : source.name,
    spec,
    classes: bundle ? CLASSES : [],
    timesteps: 1000,
    spacing: "linspace",
    logSnr: Array.from({ length: 1000 }, (_, t) => 9 - 0.018 * t),
    hasDecoder: bundle,
    hasEncoder: bundle,
    imageSize: bundle ? 64 : 8,
    samplers: samplersFor(spec.prediction),
    metrics: bundle ? ["ssim", "latent-mse"] : ["latent-mse"],
    calibrationItems: bundle ? 512 : 0,
    defaults: { steps: 20, guidance: 2 },
    macs: 92e6,
    bytes: 16.4e6,
  };
}

/** Mean of paired differences and its 95 % interval (normal approximation). */
export function differenceOf(a: readonly number[], b: readonly number[]): Difference {
  const differences = a.map((value, i) => value - (b[i] ?? 0));
  const n = Math.max(1, differences.length);
  const mean = differences.reduce((sum, value) => sum + value, 0) / n;
  const variance = differences.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, n - 1);
  const half = 1.96 * Math.sqrt(variance / n);
  return { mean, low: mean - half, high: mean + half };
}
