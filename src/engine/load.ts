// Reads a model: a bundle with a manifest (weights, autoencoder, judges, calibration latents), or a bare DiT state
// dict. Everything is checked here, once: sizes, hashes, shapes, values; later code trusts what it gets.

import { denoiserMacs } from "../core/cost.ts";
import { at, StudioError } from "../core/errors.ts";
import { log } from "../core/math.ts";
import { flowNoise, linearNoise, type NoiseSchedule, snr } from "../core/noise.ts";
import { type Bytes, sizeOf, type Tensor } from "../core/tensor.ts";
import { sha256 } from "../formats/hash.ts";
import { type Manifest, parseManifest } from "../formats/manifest.ts";
import { readSafetensors, type SafetensorsFile, toFloat32, toInt32 } from "../formats/safetensors.ts";
import { metrics } from "../metrics/index.ts";
import type { Networks } from "../metrics/metric.ts";
import { decoderGraph, encoderGraph } from "../models/autoencoder.ts";
import { architectures } from "../models/index.ts";
import type { Architecture, DenoiserSpec, WeightTable } from "../models/model.ts";
import { samplersFor } from "../samplers/index.ts";
import type { ModelCard, ModelSource } from "./api.ts";

/** A flow begins with no signal at all, and an axis has to end somewhere. */
const LEAST_SNR = 1e-7;

export type Read = (path: string) => Promise<Uint8Array>;

export interface CalibrationSet {
  /** Clean latents [K, C, h, w] and their labels [K]. */
  readonly latents: Tensor;
  readonly labels: Int32Array;
}

export interface LoadedModel {
  readonly card: ModelCard;
  readonly architecture: Architecture;
  readonly spec: DenoiserSpec;
  readonly weights: WeightTable;
  readonly noise: NoiseSchedule;
  readonly decoder?: WeightTable | undefined;
  readonly encoder?: WeightTable | undefined;
  readonly networks: Networks;
  readonly calibration?: CalibrationSet | undefined;
}

/** @throws missing-data, corrupt-data, shape-mismatch, invalid-input: each names the file and the numbers. */
export function loadModel(source: ModelSource, read: Read, on: (file: string) => void): Promise<LoadedModel> {
  return source.kind === "bundle" ? loadBundle(source, read, on) : loadFile(source);
}

async function loadBundle(
  { base, guidedChannels }: Extract<ModelSource, { kind: "bundle" }>,
  read: Read,
  on: (file: string) => void,
): Promise<LoadedModel> {
  const bytesOf = async (name: string) => {
    on(name);
    return read(base.endsWith("/") ? base + name : `${base}/${name}`);
  };
  const manifest = parseManifest(await bytesOf("manifest.json"));
  const open = async (name: string): Promise<SafetensorsFile> => {
    const bytes = await bytesOf(name);
    checkFile(name, bytes, manifest);
    return within(name, () => readSafetensors(bytes));
  };
  const table = async (name: string): Promise<WeightTable> => floats(name, await open(name));
  const { denoiser, autoencoder, calibration } = manifest;

  const weights = await table(denoiser.weights);
  const architecture = architectures.get(denoiser.architecture);
  const spec = within(denoiser.weights, () =>
    architecture.spec(weights, { ...denoiser, ...(guidedChannels && { guidedChannels }) }),
  );
  checkAgreement(manifest, spec);
  const networks: Record<string, WeightTable> = {};
  for (const judge of ["classifier", "quality"] as const) {
    const entry = manifest[judge];
    if (entry) networks[judge] = await table(entry.weights);
  }
  const coder = autoencoder && (await table(autoencoder.weights));
  const noise = noiseOf(denoiser.diffusion);
  const id = sha256([utf8(JSON.stringify([denoiser, spec.guidedChannels, Object.entries(manifest.files).sort()]))]);
  const parts = {
    architecture,
    spec,
    weights,
    noise,
    networks,
    decoder: coder && checkDecoder(autoencoder.weights, coder, spec),
    encoder: coder && checkEncoder(autoencoder.weights, coder, autoencoder.imageSize),
    calibration: calibration && readCalibration(calibration.file, await open(calibration.file), spec),
  };
  const bytes = Object.values(manifest.files).reduce((sum, file) => sum + file.bytes, 0);
  return complete(parts, id, manifest.name, bytes, manifest);
}

async function loadFile(source: Extract<ModelSource, { kind: "file" }>): Promise<LoadedModel> {
  const weights = floats(
    source.name,
    within(source.name, () => readSafetensors(source.bytes)),
  );
  const architecture = architectures.get("dit");
  const spec = within(source.name, () => architecture.spec(weights, source));
  const noise = linearNoise(1e-4, 0.02, 1000); // the original DiT's schedule (facebookresearch/DiT)
  const hints = [spec.heads, spec.guidedChannels, spec.prediction];
  const id = sha256([source.bytes, utf8(JSON.stringify(hints))]);
  return complete({ architecture, spec, weights, noise, networks: {} }, id, source.name, source.bytes.byteLength);
}

function complete(
  parts: Omit<LoadedModel, "card">,
  id: string,
  name: string,
  bytes: Bytes,
  manifest?: Manifest,
): LoadedModel {
  const { spec, noise, decoder, encoder, networks, calibration } = parts;
  const card: ModelCard = {
    id,
    name,
    spec,
    timesteps: noise.timesteps,
    spacing: noise.spacing,
    logSnr: Array.from({ length: noise.timesteps }, (_, t) => log(Math.max(snr(noise, t), LEAST_SNR))),
    classes: manifest?.classes ?? Array.from({ length: spec.numClasses }, (_, index) => `class ${index}`),
    hasDecoder: decoder !== undefined,
    hasEncoder: encoder !== undefined,
    imageSize: manifest?.autoencoder?.imageSize ?? spec.latent.height,
    samplers: samplersFor(spec.prediction),
    metrics: metrics.ids.filter((key) => {
      const metric = metrics.get(key);
      return (metric.space === "latent" || decoder) && metric.networks.every((network) => network in networks);
    }),
    calibrationItems: calibration?.labels.length ?? 0,
    defaults: manifest?.defaults ?? { steps: 20, guidance: 2 },
    macs: denoiserMacs(spec),
    bytes,
  };
  return { ...parts, card };
}

function noiseOf(diffusion: Manifest["denoiser"]["diffusion"]): NoiseSchedule {
  if (diffusion.schedule === "flow") return flowNoise(diffusion.timesteps);
  return linearNoise(diffusion.betaStart, diffusion.betaEnd, diffusion.timesteps);
}

function readCalibration(name: string, file: SafetensorsFile, spec: DenoiserSpec): CalibrationSet {
  const latents = floats(name, file).get("latents");
  const labels = file.tensors.get("labels");
  if (!latents || !labels) throw new StudioError("missing-data", `${name}: needs the tensors "latents" and "labels"`);
  const { channels, height, width } = spec.latent;
  const expected = [labels.shape[0] as number, channels, height, width];
  if (latents.shape.join() !== expected.join())
    throw new StudioError(
      "shape-mismatch",
      `${name}: latents are [${latents.shape.join(", ")}], the model needs [${expected.join(", ")}]`,
    );
  const classes = toInt32(labels);
  const wrong = classes.find((label) => label < 0 || label >= spec.numClasses);
  if (wrong !== undefined)
    throw new StudioError("corrupt-data", `${name}: label ${wrong} is not one of 0 … ${spec.numClasses - 1}`);
  return { latents, labels: classes };
}

/** A decoder that has all its tensors and takes what the denoiser makes. */
function checkDecoder(name: string, decoder: WeightTable, { latent }: DenoiserSpec): WeightTable {
  within(name, () => decoderGraph(decoder));
  const channels = decoder.get("latent_mean")?.shape[0];
  if (channels !== latent.channels)
    throw new StudioError(
      "shape-mismatch",
      `${name}: decodes ${channels} channels, the denoiser makes ${latent.channels}`,
    );
  return decoder;
}

/** An encoder that has all its tensors, if there is one: sampling needs none. */
function checkEncoder(name: string, coder: WeightTable, side: number): WeightTable | undefined {
  if (![...coder.keys()].some((tensor) => tensor.startsWith("encoder."))) return undefined;
  within(name, () => encoderGraph(coder, side));
  return coder;
}

function floats(name: string, file: SafetensorsFile): WeightTable {
  const table = new Map<string, Tensor>();
  for (const [key, entry] of file.tensors) {
    if (entry.dtype.startsWith("I") || entry.dtype.startsWith("U")) continue;
    const data = toFloat32(entry);
    for (let i = 0; i < data.length; i++)
      if (!Number.isFinite(data[i] as number))
        throw new StudioError("corrupt-data", `${name}: "${key}" holds ${data[i]} at index ${i}; export it again`);
    if (data.length !== sizeOf(entry.shape)) throw new StudioError("corrupt-data", `${name}: "${key}" is cut short`);
    table.set(key, { shape: entry.shape, data });
  }
  return table;
}

function checkFile(name: string, bytes: Uint8Array, manifest: Manifest): void {
  const expected = manifest.files[name];
  if (!expected) throw new StudioError("missing-data", `manifest.json: files has no entry for ${name}`);
  if (bytes.byteLength !== expected.bytes)
    throw new StudioError(
      "corrupt-data",
      `${name}: ${bytes.byteLength} bytes, the manifest says ${expected.bytes}; fetch or export it again`,
    );
  const hash = sha256(bytes);
  if (hash !== expected.sha256)
    throw new StudioError("corrupt-data", `${name}: SHA-256 is ${hash}, the manifest says ${expected.sha256}`);
}

function checkAgreement({ denoiser, autoencoder, classes }: Manifest, spec: DenoiserSpec): void {
  const facts: readonly (readonly [string, unknown, unknown])[] = [
    ["latent.channels", denoiser.latent.channels, spec.latent.channels],
    ["latent.height", denoiser.latent.height, spec.latent.height],
    ["latent.width", denoiser.latent.width, spec.latent.width],
    ["patch", denoiser.patch, spec.patch],
    ["numClasses", denoiser.numClasses, spec.numClasses],
    ["learnedSigma", denoiser.learnedSigma, spec.outputChannels === 2 * spec.latent.channels],
    ["classes.length", classes.length, spec.numClasses],
    ["autoencoder.imageSize", autoencoder?.imageSize, autoencoder && autoencoder.factor * spec.latent.height],
  ];
  for (const [field, said, found] of facts)
    if (said !== found)
      throw new StudioError(
        "shape-mismatch",
        `manifest.json: ${field} is ${said}, but the weights have ${found}; correct the manifest`,
      );
}

function within<T>(where: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw at(where, error);
  }
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
