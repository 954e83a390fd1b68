// What every metric says of single pictures, on average, for reports: latents against those that another schedule made of
// the same noise, the dense one as a rule.

import { StudioError } from "../core/errors.ts";
import { defaultsOf } from "../core/options.ts";
import { sizeOf, type Tensor } from "../core/tensor.ts";
import { reports } from "../metrics/index.ts";
import type { MetricInput, Scorer } from "../metrics/metric.ts";
import { decoderGraph } from "../models/autoencoder.ts";
import type { DeviceTensor, Runtime, Session } from "../runtime/runtime.ts";
import type { LoadedModel } from "./load.ts";
import { freeInput } from "./step-inputs.ts";

const BATCH = 50;

/**
 * Means of the values as published, by the ids of those metrics that the model can serve.
 * @param latents [N, C, h, w]
 * @param reference [N, C, h, w], of the same noise
 * @throws shape-mismatch when they are not as many or of one shape
 */
export async function reportScores(
  runtime: Runtime,
  { decoder, networks }: Pick<LoadedModel, "decoder" | "networks">,
  latents: Tensor,
  reference: Tensor,
): Promise<Record<string, number>> {
  const [count = 0, ...shape] = latents.shape;
  if (reference.shape.join() !== latents.shape.join())
    throw new StudioError(
      "shape-mismatch",
      `report: latents [${latents.shape.join(", ")}] against [${reference.shape.join(", ")}]; sample both from the same noise`,
    );
  const decoding = decoder && (await runtime.load(decoderGraph(decoder), "decoder"));
  const scorers = new Map<string, Scorer>();
  const sums = new Map<string, number>();
  try {
    for (const id of reports.ids) {
      const metric = reports.get(id);
      const served = (metric.space === "latent" || decoder) && metric.networks.every((name) => name in networks);
      if (served) scorers.set(id, await metric.open(runtime, networks, defaultsOf(metric.options)));
    }
    const size = sizeOf(shape);
    for (let from = 0; from < count; from += BATCH) {
      const to = Math.min(count, from + BATCH);
      const inputs: MetricInput[] = [];
      try {
        for (const { data } of [latents, reference]) {
          const part = { shape: [to - from, ...shape], data: data.slice(from * size, to * size) };
          inputs.push(await inputOf(runtime, decoding, part));
        }
        for (const [id, scorer] of scorers) {
          const scores = await scorer.score(inputs[0] as MetricInput, inputs[1]);
          sums.set(
            id,
            scores.reduce((sum, score) => sum + score, sums.get(id) ?? 0),
          );
        }
      } finally {
        inputs.forEach(freeInput);
      }
    }
  } finally {
    for (const scorer of scorers.values()) await scorer.free();
    await decoding?.free();
  }
  const published = (id: string, sum: number) => (reports.get(id).direction === "higher" ? sum : -sum) / count;
  return Object.fromEntries([...sums].map(([id, sum]) => [id, published(id, sum)]));
}

async function inputOf(runtime: Runtime, decoding: Session | undefined, latents: Tensor): Promise<MetricInput> {
  const uploaded = runtime.upload(latents);
  if (!decoding) return { latents: uploaded };
  try {
    const { pictures } = await decoding.run({ latents: uploaded });
    return { latents: uploaded, pictures: pictures as DeviceTensor };
  } catch (error) {
    uploaded.free();
    throw error;
  }
}
