// The verb sample: pictures of one schedule, all at once, or as a sketch, a few before the others.

import { StudioError } from "../core/errors.ts";
import { uniformDivision } from "../core/schedule.ts";
import type { Level, Milliseconds, Tensor } from "../core/tensor.ts";
import { stageOfSteps, visitsPerStage } from "../core/timeline.ts";
import { pruners } from "../pruners/index.ts";
import type { DeviceTensor } from "../runtime/runtime.ts";
import type { On, SampleEvent, SampleGrid, SampleRequest } from "./api.ts";
import { breathe } from "./breathe.ts";
import { cleanLatents } from "./clean-latents.ts";
import { costOf, type Staging } from "./experiment.ts";
import type { Place } from "./multistep.ts";
import { toPixels } from "./pictures.ts";
import { type Batch, divisionOf, type OpenSchedule, type Pipeline } from "./pipeline.ts";
import type { Sketchbook, Subject } from "./sketchbook.ts";

/** A loaded model, and what its sketches share. */
export interface Studio {
  readonly pipeline: Pipeline;
  readonly sketchbook: Sketchbook;
}

/** @param schedule undefined samples the dense model. @throws invalid-input, shape-mismatch */
export async function samplePictures(
  studio: Studio,
  request: SampleRequest,
  schedule: OpenSchedule | undefined,
  on: On<SampleEvent>,
  signal: AbortSignal,
): Promise<SampleGrid> {
  const { pipeline } = studio;
  const { labels, steps, sketch, predictions } = request;
  const batch = batchOf(pipeline, request);
  if (sketch && schedule) return drawSketch(studio, request, { ...sketch, batch, plan: request }, schedule, on, signal);
  const onStep = (done: number) => on(progressOf(done, steps));
  const options = { signal, onStep, fuse: true, trajectory: predictions === true };
  const { latents, stepTimes, trajectory } = await pipeline.rollout(batch, schedule, request, options);
  try {
    const drawing = await drawingOf(pipeline, latents);
    if (predictions) await tellPredictions(pipeline, request, batch, trajectory, drawing, on, signal);
    return { ...drawing, labels, ...costs(pipeline, request, schedule, stepTimes, labels.length) };
  } finally {
    latents.free();
  }
}

/** One step's pictures at a time are decoded and told; the last step predicts its result. */
async function tellPredictions(
  pipeline: Pipeline,
  plan: SampleRequest,
  batch: Batch,
  trajectory: readonly Place<Tensor>[],
  result: Drawing,
  on: On<SampleEvent>,
  signal: AbortSignal,
): Promise<void> {
  const clean = cleanLatents(batch.noise, trajectory, pipeline.linearSteps(plan));
  for (const [step, predicted] of clean.entries()) {
    await breathe();
    signal.throwIfAborted();
    if (step === clean.length - 1) return on({ type: "prediction", step, pixels: result.pixels });
    const latents = pipeline.runtime.upload(predicted);
    try {
      on({ type: "prediction", step, pixels: (await drawingOf(pipeline, latents)).pixels });
    } finally {
      latents.free();
    }
  }
}

async function drawSketch(
  { pipeline, sketchbook }: Studio,
  request: SampleRequest,
  subject: Subject,
  schedule: OpenSchedule,
  on: On<SampleEvent>,
  signal: AbortSignal,
): Promise<SampleGrid> {
  const { labels, steps } = request;
  const { parts } = subject;
  checkParts(parts, labels.length);
  const drawings: Drawing[] = [];
  const scores: number[] = [];
  let stepTimes: readonly Milliseconds[] = [];
  for (const part of parts.keys()) {
    const page = await sketchbook.page(subject, part, signal);
    const scored = await page.score(schedule, signal, {
      onStep: (done) => on(progressOf(part * steps + done, parts.length * steps)),
      async look({ latents, pictures }) {
        const drawing = await drawingOf(pipeline, latents, pictures);
        on({ type: "pictures", first: scores.length, pixels: drawing.pixels });
        drawings.push(drawing);
      },
    });
    scores.push(...scored.scores);
    stepTimes = scored.stepTimes;
  }
  return { ...joined(drawings), labels, scores, ...costs(pipeline, request, schedule, stepTimes, parts.at(-1) ?? 0) };
}

type Drawing = Pick<SampleGrid, "latents" | "pixels" | "side">;

/** @param pictures the decoded latents, where there are some already; all stay the caller's */
async function drawingOf(pipeline: Pipeline, latents: DeviceTensor, pictures?: DeviceTensor): Promise<Drawing> {
  const own = pictures || !pipeline.model.card.hasDecoder ? undefined : await pipeline.decode(latents);
  try {
    return { latents: (await latents.download()) as Tensor, ...(await toPixels(pipeline, latents, pictures ?? own)) };
  } finally {
    own?.free();
  }
}

function joined(drawings: readonly Drawing[]): Drawing {
  const all = drawings.flatMap(({ latents }) => [...latents.data]);
  const { latents, side } = drawings[0] as Drawing;
  const pixels = drawings.flatMap((drawing) => drawing.pixels);
  return { latents: { shape: [pixels.length, ...latents.shape.slice(1)], data: Float32Array.from(all) }, pixels, side };
}

function progressOf(done: number, total: number): SampleEvent {
  return { type: "progress", phase: "sample", label: "Sampling", done, total };
}

/** Cost of the schedule, and the time of each step that was run on `count` pictures. */
function costs(
  pipeline: Pipeline,
  request: SampleRequest,
  schedule: OpenSchedule | undefined,
  stepTimes: readonly Milliseconds[],
  count: number,
): Pick<SampleGrid, "cost" | "timed"> {
  const { model } = pipeline;
  const division = schedule ? divisionOf(schedule) : uniformDivision(1, model.noise.timesteps);
  const kind = schedule ? pruners.get(schedule.bank.recipe.pruner.id).kind : "width";
  const timesteps = pipeline.linearSteps(request).map((step) => step.timestep);
  const staging: Staging = {
    division,
    stageOfStep: stageOfSteps(division, timesteps),
    stepsPerStage: visitsPerStage(division, timesteps),
  };
  const begin = timesteps.length - stepTimes.length; // steps before were known
  const levelAt = (step: number): Level => schedule?.levels[staging.stageOfStep[step] as number] ?? 0;
  return {
    cost: costOf(model, kind, staging, schedule?.levels, stepTimes, count),
    timed: stepTimes.map((time, index) => ({ level: levelAt(begin + index), time })),
  };
}

/** @throws invalid-input */
function checkParts(parts: readonly number[], pictures: number): void {
  const sum = parts.reduce((total, count) => total + count, 0);
  if (sum !== pictures || !parts.every((count) => Number.isInteger(count) && count > 0))
    throw new StudioError(
      "invalid-input",
      `sample: parts of [${parts.join(", ")}] pictures for ${pictures} labels; they must add up to as many`,
    );
}

/** @throws invalid-input, shape-mismatch */
function batchOf(pipeline: Pipeline, { noise, labels, seed, first }: SampleRequest): Batch {
  const { channels, height, width } = pipeline.model.spec.latent;
  const { numClasses } = pipeline.model.spec;
  const wrong = labels.find((label) => !(Number.isInteger(label) && label >= 0 && label < numClasses));
  if (wrong !== undefined)
    throw new StudioError("invalid-input", `sample: label ${wrong} is not in 0 … ${numClasses - 1}`);
  if (labels.length === 0) throw new StudioError("invalid-input", "sample: no labels, so no pictures");
  if (!noise) return pipeline.batch(seed, "samples", labels, first);
  const expected = [labels.length, channels, height, width];
  if (noise.shape.join() !== expected.join())
    throw new StudioError(
      "shape-mismatch",
      `sample: noise is [${noise.shape.join(", ")}], labels and model need [${expected.join(", ")}]`,
    );
  return { noise, labels: Int32Array.from(labels) };
}
