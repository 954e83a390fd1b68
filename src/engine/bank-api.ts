// The contract's part on banks: see api.ts.

import type { Division } from "../core/schedule.ts";
import type { Bytes, Level, Milliseconds, Ratio, Tensor } from "../core/tensor.ts";
import type { Choice } from "./api.ts";

export interface CalibrateRequest {
  readonly pruner: Choice;
  readonly division: Division;
  /** Latents per stage; each runs with its label and with the null label. */
  readonly items: number;
  readonly seed: number;
  /** Already noised latents per stage instead of the model's own set (the CLI's --calibration file). */
  readonly given?: readonly CalibrationStage[];
  /** How the triangles of factors are stored: float32 unless given, or half precision in half the room. */
  readonly storage?: BankStorage | undefined;
}
export type BankStorage = "f32" | "f16";
export interface CalibrationStage {
  readonly x: Tensor;
  readonly t: Int32Array;
  readonly y: Int32Array;
}

export interface BankCard {
  /** Hash of everything that made the bank. */
  readonly id: string;
  /** Id of the model that it prunes. */
  readonly model: string;
  readonly pruner: Choice;
  readonly division: Division;
  readonly maxLevel: Level;
  readonly storage: BankStorage;
  /** Of half precision, once the bank is whole. */
  readonly storageError?: StorageError;
  readonly bytes: Bytes;
  /** False after an interruption: the same request goes on with it. */
  readonly whole: boolean;
}
/** How far stored factors lie from float32 ones, in the record (a layer in a stage) that lost most. */
export interface StorageError {
  /** Largest difference over the largest value. */
  readonly max: Ratio;
  /** Root mean square of the differences over that of the values. */
  readonly rms: Ratio;
  /** Records kept in float32 all the same, because a value is beyond half precision (65504). */
  readonly wide: number;
}
export interface CalibrateResult extends BankCard {
  /** True when nothing had to be computed. */
  readonly reused: boolean;
  readonly elapsed: Milliseconds;
}
