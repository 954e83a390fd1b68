// The verb evaluate: what a schedule's pictures are worth as a whole, against the real ones that the model was trained on.
// They are drawn, looked at and forgotten a batch at a time: memory does not grow with them, but for their features.

import { StudioError } from "../core/errors.ts";
import type { Milliseconds } from "../core/tensor.ts";
import { takeFloats } from "../runtime/runtime.ts";
import type { EvaluateRequest, EvaluateResult, On, Progress } from "./api.ts";
import { asSaved } from "./decoded.ts";
import { describePictures, type PictureBatch } from "./describe.ts";
import type { OpenSchedule, Pipeline } from "./pipeline.ts";
import { classifierOf, readings, STATISTICS } from "./readings.ts";
import { readStatistics } from "./statistics-file.ts";
import { Stopwatch } from "./stopwatch.ts";

/** Sampled at a time: batches beyond 16 gain nothing on a processor. */
const BATCH = 16;

export interface EvaluateTools {
  /** What the model brings of real pictures; undefined when it brings nothing. */
  readonly statistics: () => Promise<Uint8Array | undefined>;
  readonly exclusive: <T>(work: () => Promise<T>) => Promise<T>;
  readonly now: () => Milliseconds;
}

/**
 * @param schedule undefined evaluates the dense model
 * @throws invalid-input; missing-data when the model has no classifier or no decoder
 */
export async function evaluateSchedule(
  pipeline: Pipeline,
  request: EvaluateRequest,
  schedule: OpenSchedule | undefined,
  tools: EvaluateTools,
  on: On<Progress>,
  signal: AbortSignal,
): Promise<EvaluateResult> {
  const { pictures: count } = request;
  if (!(Number.isInteger(count) && count >= 2))
    throw new StudioError("invalid-input", `evaluate: ${count} pictures; a distribution needs at least 2`);
  const { model, runtime } = pipeline;
  const network = classifierOf(model);
  const watch = new Stopwatch(tools.now);
  const told = (done: number) => {
    const label = `Evaluating: ${Math.floor(done)} of ${count} pictures`;
    on({ type: "progress", phase: "sample", label, done, total: count, left: watch.left(done / count) });
  };
  told(0);
  const batches = drawn(pipeline, request, schedule, tools.exclusive, told, signal);
  const set = await describePictures(runtime, network, batches);
  const bytes = await tools.statistics();
  const reference = bytes && readStatistics(STATISTICS, bytes, network);
  return {
    pictures: set.gaussian.count,
    network: network.label,
    real: reference?.gaussian.count,
    metrics: readings(set, reference),
    device: runtime.device,
  };
}

/** Classes come in turn; the noise is that of the pictures that `sample` draws from the same seed. */
async function* drawn(
  pipeline: Pipeline,
  request: EvaluateRequest,
  schedule: OpenSchedule | undefined,
  exclusive: EvaluateTools["exclusive"],
  told: (done: number) => void,
  signal: AbortSignal,
): AsyncGenerator<PictureBatch> {
  const { pictures, seed, steps } = request;
  const { numClasses } = pipeline.model.spec;
  for (let first = 0; first < pictures; first += BATCH) {
    const count = Math.min(BATCH, pictures - first);
    const labels = Array.from({ length: count }, (_, index) => (first + index) % numClasses);
    const batch = pipeline.batch(seed, "samples", labels, first);
    const onStep = (done: number) => told(first + (count * done) / steps);
    const decoded = await exclusive(async () => {
      const { latents } = await pipeline.rollout(batch, schedule, request, { signal, onStep });
      try {
        return await takeFloats(await pipeline.decode(latents));
      } finally {
        latents.free();
      }
    });
    yield { pictures: asSaved(decoded), labels: batch.labels };
  }
}
