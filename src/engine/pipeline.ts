// One loaded model on one device: the sampling loop over denoiser, router and sampler, and the autoencoder.

import { StudioError } from "../core/errors.ts";
import { normals } from "../core/rng.ts";
import { type Division, stagesWithin } from "../core/schedule.ts";
import type { Bytes, Int32Tensor, Level, Milliseconds, StageIndex, Tensor } from "../core/tensor.ts";
import { stageOfSteps, timeline } from "../core/timeline.ts";
import { decoderGraph, encoderGraph } from "../models/autoencoder.ts";
import type { WeightTable } from "../models/model.ts";
import type { DeviceTensor, Feed, Runtime } from "../runtime/runtime.ts";
import type { LinearStep } from "../samplers/sampler.ts";
import type { Choice } from "./api.ts";
import type { Bank } from "./bank.ts";
import { breathe } from "./breathe.ts";
import { type CompiledChain, DENSE, Denoiser } from "./denoiser.ts";
import { Fuser } from "./fuser.ts";
import type { LoadedModel } from "./load.ts";
import { downloadPlace, freePlace, type Place } from "./multistep.ts";
import type { PrefixCache } from "./prefix-cache.ts";
import { Router } from "./router.ts";
import { samplerFor } from "./sampler-for.ts";
import { Sessions } from "./sessions.ts";

/** A schedule with its bank opened; undefined is the dense model. */
export interface OpenSchedule {
  readonly bank: Bank;
  /** Stages of `levels`, each within one of the bank's, whose factors neighbours may share; the bank's own if absent. */
  readonly division?: Division;
  readonly levels: readonly Level[];
}

export interface Batch {
  /** Starting noise [B, C, h, w]. */
  readonly noise: Tensor;
  /** [B] */
  readonly labels: Int32Array;
}

export interface SamplingPlan {
  readonly steps: number;
  readonly guidance: number;
  readonly sampler: Choice;
}

export interface RolloutOptions {
  readonly signal: AbortSignal;
  readonly onStep?: ((done: number) => void) | undefined;
  /** Small batches may be run by fused graphs, which differ from the others in the last bits. */
  readonly fuse?: boolean;
  /** Whether `Rollout.trajectory` is wanted: every step then waits for the device. */
  readonly trajectory?: boolean;
  /** Where the rollout of a schedule starts, as far on as it can, and leaves what it comes to at stage borders. */
  readonly prefixes?: PrefixCache | undefined;
}

export interface Rollout {
  /** Final latents [B, C, h, w], owned by the caller. */
  readonly latents: DeviceTensor;
  /** Of denoiser and solver, for each step that was run. */
  readonly stepTimes: readonly Milliseconds[];
  /** After every step, those of a stored prefix included; empty unless asked for. [steps] */
  readonly trajectory: readonly Place<Tensor>[];
}

export class Pipeline {
  readonly model: LoadedModel;
  readonly runtime: Runtime;
  readonly denoiser: Denoiser;
  readonly #router: Router;
  readonly #fuser: Fuser;
  readonly #now: () => Milliseconds;
  readonly #sessions: Sessions;

  /** `routingBytes`: see Router. */
  constructor(runtime: Runtime, model: LoadedModel, now: () => Milliseconds, routingBytes?: Bytes) {
    this.runtime = runtime;
    this.model = model;
    this.#now = now;
    this.#sessions = new Sessions(runtime);
    this.denoiser = new Denoiser(runtime, model.architecture, model.spec, model.weights);
    this.#router = new Router(runtime, model.spec, model.weights, routingBytes);
    this.#fuser = new Fuser(runtime, model.architecture, model.spec, model.weights);
  }

  /** @throws unknown-method, invalid-option, invalid-input */
  linearSteps({ steps, sampler }: SamplingPlan): readonly LinearStep[] {
    const { card, noise, spec } = this.model;
    return samplerFor(card, sampler).steps(timeline(noise, steps), spec.prediction, sampler.options ?? {});
  }

  /** Runs the trajectory of every picture in the batch. @throws invalid-input when no stage holds a step */
  async rollout(
    batch: Batch,
    schedule: OpenSchedule | undefined,
    plan: SamplingPlan,
    options: RolloutOptions,
  ): Promise<Rollout> {
    const steps = this.linearSteps(plan);
    const stages = schedule && stagesOf(schedule, steps);
    const holders = schedule && stagesWithin(divisionOf(schedule), schedule.bank.recipe.division);
    const { labels, row } = this.#rows(batch.labels, plan.guidance);
    const { prefixes, trajectory: whole = false } = options;
    const route = schedule && stages && { schedule, stages };
    const prefix = route && prefixes?.longest(route, whole);
    const begin = prefix?.steps ?? 0;
    let place: Place<Feed> = prefix?.places.at(-1) ?? { latent: batch.noise };
    const trajectory: Place<Tensor>[] = whole ? [...(prefix?.places ?? [])] : [];
    const stepTimes: Milliseconds[] = [];
    let fused: CompiledChain | undefined;
    try {
      for (let index = begin; index < steps.length; index++) {
        await breathe();
        options.signal.throwIfAborted();
        const step = steps[index] as LinearStep;
        const stage = stages?.[index];
        if (route && prefixes && index > begin && stage !== route.stages[index - 1]) {
          const first = route.stages.indexOf(route.stages[index - 1] as StageIndex);
          const places = whole ? trajectory.slice(first) : [await downloadPlace(place as Place<DeviceTensor>)];
          prefixes.keep(route, stage as StageIndex, places);
        }
        const routed =
          schedule && stage !== undefined
            ? await this.#router.route(schedule.bank, holders?.[stage] as StageIndex, schedule.levels[stage] as Level)
            : DENSE;
        const entered = index === begin || stage !== stages?.[index - 1];
        if (schedule && stages && holders && entered) this.#readAhead(schedule, stages, holders, index);
        if (options.fuse && entered) fused = await this.#fuser.fuse(routed, plan.guidance > 1, row.data.length);
        const timesteps = new Float32Array(labels.length).fill(this.model.noise.told[step.timestep] as number);
        const conditioning = await this.denoiser.condition(timesteps, labels);
        const started = this.#now();
        const { guidance } = plan;
        const remembered = (steps[index + 1]?.previous ?? 0) !== 0;
        const inputs = { ...place, conditioning, row, guidance, step, remembered, routed, fused };
        const next = await this.denoiser.step(inputs);
        stepTimes.push(this.#now() - started);
        freePlace(place);
        place = next;
        if (whole) trajectory.push(await downloadPlace(next));
        options.onStep?.(index + 1);
      }
    } catch (error) {
      freePlace(place);
      throw error;
    }
    const { latent } = place; // nothing looks back at the last step
    return { latents: "free" in latent ? latent : this.runtime.upload(latent), stepTimes, trajectory };
  }

  /** Starts reading the stage after the one that the step at `index` is in. */
  #readAhead(
    { bank, levels }: OpenSchedule,
    stages: readonly StageIndex[],
    holders: readonly StageIndex[],
    index: number,
  ): void {
    const next = stages.slice(index).find((stage) => stage !== stages[index]);
    if (next !== undefined) void this.#router.prefetch(bank, holders[next] as StageIndex, levels[next] as Level);
  }

  /** Latents [B, C, h, w] -> pictures [B, 3, H, W] in [-1, 1]; both owned by the caller. */
  async decode(latents: Feed): Promise<DeviceTensor> {
    const { decoder } = this.model;
    if (!decoder) throw new StudioError("missing-data", `${this.model.card.name}: has no decoder`);
    const session = await this.#sessions.get("decoder", () => decoderGraph(decoder));
    const { pictures } = await session.run({ latents });
    return pictures as DeviceTensor;
  }

  /** Pictures [B, 3, side, side] in [-1, 1], of a model with an encoder -> latents [B, C, h, w], owned by the caller. */
  async encode(pictures: Tensor): Promise<DeviceTensor> {
    const { encoder, card } = this.model;
    const session = await this.#sessions.get("encoder", () => encoderGraph(encoder as WeightTable, card.imageSize));
    const { latents } = await session.run({ pictures });
    return latents as DeviceTensor;
  }

  /** Noise of the pictures of a named set from the `first` on; none depends on how many there are. */
  batch(seed: number, set: string, labels: readonly number[], first = 0): Batch {
    const { channels, height, width } = this.model.spec.latent;
    const size = channels * height * width;
    const data = new Float32Array(labels.length * size);
    for (let index = 0; index < labels.length; index++)
      data.set(normals(seed, ["noise", set, first + index], size), index * size);
    return { noise: { shape: [labels.length, channels, height, width], data }, labels: Int32Array.from(labels) };
  }

  async free(): Promise<void> {
    await this.#fuser.free();
    await this.#router.free();
    await this.denoiser.free();
    await this.#sessions.free();
  }

  /** Distinct labels (with the null label last when guided), and which of them each row uses. */
  #rows(labels: Int32Array, guidance: number): { labels: Int32Array; row: Int32Tensor } {
    const distinct = [...new Set(labels)].sort((a, b) => a - b);
    const conditional = Array.from(labels, (label) => distinct.indexOf(label));
    const guided = guidance > 1;
    const rows = guided ? [...conditional, ...conditional.map(() => distinct.length)] : conditional;
    if (guided) distinct.push(this.model.spec.numClasses);
    return { labels: Int32Array.from(distinct), row: { shape: [rows.length], data: Int32Array.from(rows) } };
  }
}

export function divisionOf({ bank, division }: OpenSchedule): Division {
  return division ?? bank.recipe.division;
}

function stagesOf(schedule: OpenSchedule, steps: readonly LinearStep[]): StageIndex[] {
  return stageOfSteps(
    divisionOf(schedule),
    steps.map((step) => step.timestep),
  );
}
