// Calibration: what the dense model's layers see in one stage. Clean latents are noised to timesteps of the
// stage (SNR-aware, Diff-ES §3.3 after MosaicDiff) and each runs with its label and with the null label, as in
// guided sampling. Gram matrices and moments are summed on the device; only the sums come back.
//
// The authors' code takes alpha-bar one timestep too early and draws noise from an unseeded generator; we do neither.

import { type NoiseSchedule, sharesAt } from "../core/noise.ts";
import { normals, stream } from "../core/rng.ts";
import type { TimestepRange } from "../core/schedule.ts";
import type { StageIndex } from "../core/tensor.ts";
import type { Moments, Statistic } from "../pruners/pruner.ts";
import { type DeviceTensor, type Feed, takeFloats } from "../runtime/runtime.ts";
import type { CalibrateRequest, CalibrationPictures, CalibrationStage } from "./api.ts";
import { breathe } from "./breathe.ts";
import type { CalibrationSet, LoadedModel } from "./load.ts";
import type { Pipeline } from "./pipeline.ts";
import { startingSums } from "./running-sums.ts";

/** What one stage's calibration found: the statistics that were asked for. */
export interface StageStatistics {
  /** Batch entries, both guidance halves. */
  readonly items: number;
  /** Sums over tokens of x x^T, row-major [columns, columns], and of x [columns], by layer name. */
  readonly grams?: ReadonlyMap<string, { readonly products: Float32Array; readonly sum: Float32Array }>;
  /** Sums over tokens of squares by layer name. */
  readonly moments?: ReadonlyMap<string, StageMoments>;
  /** Mean of 1 - cos(block input, block output); 0 of a block that was not watched. [depth] */
  readonly change?: Float64Array;
}
/** Of a layer's input [columns], its output with the bias [rows] and its producers' input [width]. */
export type StageMoments = Omit<Moments, "producerWeights">;

/** Items per pass; each is two rows. */
const ITEMS_PER_PASS = 32;
export function passesFor(items: number): number {
  return Math.ceil(items / ITEMS_PER_PASS);
}

/**
 * Clean latents to calibrate on: of the pictures that were given, else the model's own set or, for a bare state dict and
 * when asked for, pictures that the dense model samples itself (data-free). The same for all stages.
 */
export async function calibrationSet(
  pipeline: Pipeline,
  { items, seed, pictures, dataFree = false }: Pick<CalibrateRequest, "items" | "seed" | "pictures" | "dataFree">,
  signal: AbortSignal,
): Promise<CalibrationSet> {
  if (pictures) return encoded(pipeline, pictures, signal);
  const { calibration, card, spec } = pipeline.model;
  if (calibration && !dataFree) return calibration;
  const classes = stream(seed, "calibration", "labels");
  const labels = Int32Array.from({ length: items }, () => classes.below(spec.numClasses));
  const { channels, height, width } = spec.latent;
  const size = channels * height * width;
  const data = new Float32Array(items * size);
  const plan = { ...card.defaults, sampler: { id: card.samplers[0] as string } };
  for (let from = 0; from < items; from += ITEMS_PER_PASS) {
    const part = labels.subarray(from, from + ITEMS_PER_PASS);
    const batch = pipeline.batch(seed, `calibration ${from}`, [...part]);
    const { latents } = await pipeline.rollout(batch, undefined, plan, { signal });
    data.set((await takeFloats(latents)).data, from * size);
  }
  return { latents: { shape: [items, channels, height, width], data }, labels };
}

/** By the means of the posteriors, which the demo was trained on; the authors draw from them, unseeded. */
async function encoded(
  pipeline: Pipeline,
  { pixels, labels }: CalibrationPictures,
  signal: AbortSignal,
): Promise<CalibrationSet> {
  const { channels, height, width } = pipeline.model.spec.latent;
  const pictureSize = pixels.data.length / labels.length;
  const size = channels * height * width;
  const data = new Float32Array(labels.length * size);
  for (let from = 0; from < labels.length; from += ITEMS_PER_PASS) {
    await breathe();
    signal.throwIfAborted();
    const to = Math.min(from + ITEMS_PER_PASS, labels.length);
    const part = pixels.data.subarray(from * pictureSize, to * pictureSize);
    const latents = await pipeline.encode({ shape: [to - from, ...pixels.shape.slice(1)], data: part });
    data.set((await takeFloats(latents)).data, from * size);
  }
  return { latents: { shape: [labels.length, channels, height, width], data }, labels };
}

/**
 * Noised latents for one stage, each at a timestep drawn uniformly from the stage. Stages take other latents of the set
 * as long as there are any, as the authors' balanced plan does.
 */
export function noisedItems(
  set: CalibrationSet,
  noise: NoiseSchedule,
  range: TimestepRange,
  stage: StageIndex,
  items: number,
  seed: number,
): CalibrationStage {
  const size = set.latents.data.length / set.labels.length;
  const chosen = stream(seed, "calibration", "items").shuffle([...set.labels.keys()]);
  const times = stream(seed, "calibration", "timesteps", stage);
  const draws = normals(seed, ["calibration", "noise", stage], items * size);
  const x = new Float32Array(items * size);
  const t = new Int32Array(items);
  const y = new Int32Array(items);
  for (let item = 0; item < items; item++) {
    const source = chosen[(stage * items + item) % chosen.length] as number;
    t[item] = times.integer(range.low, range.high);
    y[item] = set.labels[source] as number;
    const { a, s } = sharesAt(noise, t[item]);
    for (let i = 0; i < size; i++)
      x[item * size + i] = a * (set.latents.data[source * size + i] as number) + s * (draws[item * size + i] as number);
  }
  return { x: { shape: [items, ...set.latents.shape.slice(1)], data: x }, t, y };
}

/** Runs the dense model over one stage's items and collects one statistic of some blocks. */
export async function observe(
  pipeline: Pipeline,
  given: CalibrationStage,
  statistic: Statistic,
  blocks: ReadonlySet<number>,
  onPass: () => void,
  signal: AbortSignal,
): Promise<StageStatistics> {
  const { denoiser, model } = pipeline;
  const { spec } = model;
  const layers = spec.layers.filter(({ block }) => blocks.has(block));
  const change = new Float64Array(spec.depth);
  let sums: Record<string, Feed> = startingSums(layers, spec, statistic);
  const count = given.t.length;
  const items = 2 * count;
  try {
    for (let from = 0; from < count; from += ITEMS_PER_PASS) {
      await breathe();
      signal.throwIfAborted();
      const pass = bothHalves(given, from, Math.min(from + ITEMS_PER_PASS, count), model);
      const rows = pass.labels.length;
      const conditioning = await denoiser.conditionOnce(pass.timesteps, pass.labels);
      const row = { shape: [rows], data: Int32Array.from({ length: rows }, (_, index) => index) };
      const before = sums;
      sums = {}; // handed over
      const passing = denoiser.observe(statistic, blocks, pass.latents, conditioning, row, before);
      const found = await passing.finally(() => freeAll(conditioning));
      if (statistic !== "block-change") sums = found;
      else
        for (const block of blocks) {
          const changes = await takeFloats(found[`change.${block}`] as DeviceTensor);
          change[block] = changes.data.reduce((sum, value) => sum + value, change[block] as number);
        }
      onPass();
    }
    if (statistic === "block-change") return { items, change: change.map((sum) => sum / items) };
    const totals = new Map<string, Float32Array>();
    for (const [name, sum] of Object.entries(sums))
      totals.set(name, (await (sum as DeviceTensor).download()).data as Float32Array);
    const total = (name: string) => totals.get(name) as Float32Array;
    const perLayer = <T>(of: (name: string) => T) => new Map(layers.map(({ name }) => [name, of(name)]));
    if (statistic === "gram") {
      const grams = perLayer((name) => ({ products: total(`gram.${name}`), sum: total(`gram.${name}.sum`) }));
      return { items, grams };
    }
    const moments = perLayer((name) => ({
      input: total(`moments.${name}.input`),
      output: total(`moments.${name}.output`),
      producer: total(`moments.${name}.producer`),
    }));
    return { items, moments };
  } finally {
    freeAll(sums);
  }
}

/** Items from … to, first with their labels, then with the null label. */
function bothHalves({ x, t, y }: CalibrationStage, from: number, to: number, { noise, spec }: LoadedModel) {
  const size = x.data.length / t.length;
  const half = x.data.subarray(from * size, to * size);
  const data = new Float32Array(2 * half.length);
  data.set(half);
  data.set(half, half.length);
  const count = to - from;
  const timesteps = Float32Array.from(
    { length: 2 * count },
    (_, row) => noise.told[t[from + (row % count)] as number] as number,
  );
  const labels = Int32Array.from({ length: 2 * count }, (_, row) =>
    row < count ? (y[from + row] as number) : spec.numClasses,
  );
  return { latents: { shape: [2 * count, ...x.shape.slice(1)], data }, timesteps, labels };
}

function freeAll(feeds: Readonly<Record<string, Feed>>): void {
  for (const feed of Object.values(feeds)) if ("free" in feed) feed.free();
}
