// The contract's part on banks: see api.ts.

import type { Division } from "../core/schedule.ts";
import type { Bytes, Level, Milliseconds, Ratio, Tensor } from "../core/tensor.ts";
import type { Choice, On, Progress } from "./api.ts";

export interface CalibrateRequest {
  readonly pruner: Choice;
  readonly division: Division;
  /** Latents per stage; each runs with its label and with the null label. */
  readonly items: number;
  readonly seed: number;
  /** Already noised latents per stage instead of the model's own set (the CLI's --calibration file). */
  readonly given?: readonly CalibrationStage[];
  /** Clean pictures instead of the model's own latents, for a model with an encoder. */
  readonly pictures?: CalibrationPictures;
  /** Calibrates on pictures that the dense model samples itself, even when it brought latents. */
  readonly dataFree?: boolean;
  /** How the triangles of factors are stored: float32 unless given, or half precision in half the room. */
  readonly storage?: BankStorage | undefined;
}
export type BankStorage = "f32" | "f16";
export interface CalibrationPictures {
  /** [N, 3, side, side] in [-1, 1], of the side that the model's card says. */
  readonly pixels: Tensor;
  /** [N]; the null label, numClasses, for a picture of no class. */
  readonly labels: Int32Array;
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
  /** Calibration latents per stage; 0 for a pruner that looks at weights only. */
  readonly items: number;
  readonly storage: BankStorage;
  /** Of half precision, once the bank is whole. */
  readonly storageError?: StorageError;
  readonly bytes: Bytes;
  /** Share of its records that are in storage. */
  readonly stored: Ratio;
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

export interface ExportRequest {
  /** Id. */
  readonly bank: string;
}
export type ExportEvent =
  | Progress
  | {
      readonly type: "file";
      /** Without a path. */
      readonly name: string;
      readonly bytes: Uint8Array;
    };
export interface ImportRequest {
  /** What an export gave, in any order; read one at a time. Blobs, where they cross to a worker. */
  readonly files: readonly { readonly name: string; readonly data: Pick<Blob, "size" | "arrayBuffer"> }[];
}

export interface BankVerbs {
  /** Makes what is missing of a bank. */
  calibrate(request: CalibrateRequest, on: On<Progress>, signal: AbortSignal): Promise<CalibrateResult>;
  /** Those in storage, of whatever model, whole or in part. */
  banks(): Promise<readonly BankCard[]>;
  removeBank(id: string): Promise<void>;
  /** Gives the files of a whole bank one after the other, bank.json last. */
  exportBank(request: ExportRequest, on: On<ExportEvent>, signal: AbortSignal): Promise<BankCard>;
  /** Checks and stores what an export gave of a bank of the loaded model. */
  importBank(request: ImportRequest, on: On<Progress>, signal: AbortSignal): Promise<BankCard>;
}
