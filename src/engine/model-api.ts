// The contract's part on models: see api.ts.

import type { Spacing } from "../core/noise.ts";
import type { Bytes, Macs } from "../core/tensor.ts";
import type { DenoiserSpec } from "../models/model.ts";

export type ModelSource =
  /** A folder or URL that holds manifest.json; read through the environment. */
  | { readonly kind: "bundle"; readonly base: string; readonly guidedChannels?: number | undefined }
  /** A bare DiT state dict in safetensors, without a decoder. */
  | {
      readonly kind: "file";
      readonly name: string;
      readonly bytes: Uint8Array;
      readonly heads?: number | undefined;
      readonly guidedChannels?: number | undefined;
      readonly prediction?: "epsilon" | "v" | undefined;
    };
export interface LoadRequest {
  readonly source: ModelSource;
}
export interface ModelCard {
  /** Hash of the weights and of what the manifest says about them. */
  readonly id: string;
  readonly name: string;
  readonly spec: DenoiserSpec;
  /** Native timesteps of its diffusion or flow. */
  readonly timesteps: number;
  /** How a run's steps lie on them. */
  readonly spacing: Spacing;
  /** Natural logarithm of the signal-to-noise ratio at each of them. [T] */
  readonly logSnr: readonly number[];
  readonly classes: readonly string[];
  readonly hasDecoder: boolean;
  /** Whether it can be calibrated on pictures. */
  readonly hasEncoder: boolean;
  readonly imageSize: number;
  /** Samplers that it can be sampled by, its usual one first. */
  readonly samplers: readonly string[];
  /** Fitness metrics that this model can serve. */
  readonly metrics: readonly string[];
  /** Calibration latents that came with it. */
  readonly calibrationItems: number;
  readonly defaults: { readonly steps: number; readonly guidance: number };
  readonly macs: Macs;
  readonly bytes: Bytes;
}
