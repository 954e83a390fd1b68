// The contract's part on banks: see api.ts.

import type { Division } from "../core/schedule.ts";
import type { Bytes, Level, Milliseconds, Tensor } from "../core/tensor.ts";
import type { Choice } from "./api.ts";

export interface CalibrateRequest {
  readonly pruner: Choice;
  readonly division: Division;
  /** Latents per stage; each runs with its label and with the null label. */
  readonly items: number;
  readonly seed: number;
  /** Already noised latents per stage instead of the model's own set (the CLI's --calibration file). */
  readonly given?: readonly CalibrationStage[];
}
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
  readonly bytes: Bytes;
  /** False after an interruption: the same request goes on with it. */
  readonly whole: boolean;
}
export interface CalibrateResult extends BankCard {
  /** True when nothing had to be computed. */
  readonly reused: boolean;
  readonly elapsed: Milliseconds;
}
