// What solvers that look back add to a step of the denoiser: the clean latent that it predicts, for the step after it,
// and the one of the step before it. Two sums on the device; one-step solvers need neither.

import type { Tensor } from "../core/tensor.ts";
import { mixGraph } from "../models/mix.ts";
import type { DeviceTensor, Feed } from "../runtime/runtime.ts";
import type { LinearStep, Mix } from "../samplers/sampler.ts";
import type { Sessions } from "./sessions.ts";

/** Where a trajectory is: all that the next step depends on. [B, C, h, w] each */
export interface Place<T> {
  readonly latent: T;
  /** Predicted by the step before; absent where the next step does not look back. */
  readonly clean?: T | undefined;
}

/** What the denoiser makes of a latent. [B, C, h, w] each */
interface Made {
  /** `LinearStep.next` */
  readonly latent: DeviceTensor;
  /** Of the network, after guidance. */
  readonly output: DeviceTensor;
}

/** A step's new place, owned by the caller; takes over what the denoiser made. */
export async function complete(
  sessions: Sessions,
  { latent, output }: Made,
  { step, remembered, ...before }: Place<Feed> & { readonly step: LinearStep; readonly remembered?: boolean },
): Promise<Place<DeviceTensor>> {
  let clean: DeviceTensor | undefined;
  try {
    if (remembered) clean = await mixed(sessions, before.latent, output, step.clean);
    if (step.previous === 0) return { latent, clean };
    const next = await mixed(sessions, latent, before.clean as Feed, { latent: 1, output: step.previous });
    latent.free();
    return { latent: next, clean };
  } catch (error) {
    latent.free();
    clean?.free();
    throw error;
  } finally {
    output.free();
  }
}

async function mixed(sessions: Sessions, a: Feed, b: Feed, { latent, output }: Mix): Promise<DeviceTensor> {
  const session = await sessions.get("mix", mixGraph);
  const weights: Tensor = { shape: [2], data: Float32Array.of(latent, output) };
  return (await session.run({ a, b, weights })).sum as DeviceTensor;
}

export function freePlace({ latent, clean }: Place<Feed>): void {
  for (const feed of [latent, clean]) if (feed && "free" in feed) feed.free();
}

export async function downloadPlace({ latent, clean }: Place<DeviceTensor>): Promise<Place<Tensor>> {
  return { latent: (await latent.download()) as Tensor, clean: clean && ((await clean.download()) as Tensor) };
}
