// A metric gives one score per picture (or latent). It is the only asynchronous shelf: most metrics are
// graphs that run on the device, so that only scalars come back.

import type { Method } from "../core/shelf.ts";
import type { Tensor } from "../core/tensor.ts";
import type { DeviceTensor, Runtime } from "../runtime/runtime.ts";

export interface MetricInput {
  /** Final latents [B, C, h, w]. */
  readonly latents: DeviceTensor;
  /** Decoded pictures in [-1, 1], [B, 3, H, W]; absent when the model has no decoder. */
  readonly pictures?: DeviceTensor;
}

export interface Scorer {
  /** One score per item, higher is better whatever the metric's own direction. [B] */
  score(student: MetricInput, reference?: MetricInput): Promise<Float32Array>;
  free(): Promise<void>;
}

export interface Metric extends Method {
  readonly role: "fitness" | "report";
  /** Of the value as published; `score` is always oriented so that higher is better. */
  readonly direction: "higher" | "lower";
  /** "pictures" needs a decoder. */
  readonly space: "latent" | "pictures";
  /** Compares with the dense model's result. */
  readonly reference: boolean;
  /** Judging networks that it runs, as the model's manifest names them. */
  readonly networks: readonly string[];
  open(runtime: Runtime, networks: Networks): Promise<Scorer>;
}

/** Weights of judging networks, by name ("quality", "classifier"), as the model's manifest names them. */
export type Networks = Readonly<Record<string, ReadonlyMap<string, Tensor>>>;
