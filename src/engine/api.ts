// The whole contract of the engine: plain data in, plain data out. The page (through a worker), the CLI and
// the tests hold the same type. Every verb takes the same three arguments: request, on, signal.
// A request is JSON (plus typed arrays): it is also what a saved run stores.

import type { OptionValues } from "../core/options.ts";
import type { Racing } from "../core/racing.ts";
import type { Division, Schedule } from "../core/schedule.ts";
import type { Bytes, Level, Macs, Milliseconds, Ratio } from "../core/tensor.ts";
import type { Backend, Device } from "../runtime/runtime.ts";
import type { Candidate, Origin } from "../searchers/searcher.ts";
import type { BankStorage, BankVerbs, CalibrateRequest, StorageError } from "./bank-api.ts";
import type { LoadRequest, ModelCard } from "./model-api.ts";
import type { Fork, Raced, Reuse, RunVerbs } from "./run-api.ts";
import type { SampleEvent, SampleGrid, SampleRequest } from "./sample-api.ts";
import type { StudyVerbs } from "./study-api.ts";

export type On<E> = (event: E) => void;

/** A method of a shelf with its options. */
export interface Choice {
  readonly id: string;
  readonly options?: OptionValues;
}

// -------------------------------------------------------------------------------------------------- status

export interface EngineStatus {
  readonly device: Device;
  readonly durability: "persistent" | "best-effort" | "waiting" | "memory";
  readonly freeBytes?: Bytes | undefined;
  readonly model?: ModelCard | undefined;
  /** The verb that runs now. */
  readonly running?: string | undefined;
}

/** Work done of work known, with what it is about. */
export interface Progress {
  readonly type: "progress";
  /** What a person reads: "Calibrating stage 3 of 10". */
  readonly label: string;
  readonly phase: Phase;
  readonly done: number;
  readonly total: number;
  /** Time left of the whole verb, once it can be told. */
  readonly left?: Milliseconds | undefined;
}
export type Phase =
  | "load"
  | "calibrate"
  | "factor"
  | "reference"
  | "baseline"
  | "sensitivity"
  | "search"
  | "validation"
  | "held-out"
  | "sample"
  | "export"
  | "import";

// ------------------------------------------------------------------------------------------------ schedules

/** A schedule, and the bank that knows how to execute it. Dense needs neither. */
export interface RoutedSchedule {
  readonly division: Division;
  readonly levels: readonly Level[];
  readonly bank: string;
}
export type ScheduleId = "dense" | "uniform" | "mosaic" | "searched" | "yours";

/** Of one schedule at one number of steps. */
export interface Cost {
  /** Whole trajectory of one picture, one forward per step (guidance not doubled, as the paper counts). */
  readonly macs: Macs;
  readonly denseMacs: Macs;
  /** Mean level over visited steps / maxLevel. */
  readonly sparsity: Ratio;
  /** Mean denoiser time of one step for the whole batch, measured in this run: steps differ in level. */
  readonly stepTime: Milliseconds;
  readonly batch: number;
}

// --------------------------------------------------------------------------------------------------- search

export interface SearchRequest {
  readonly pruner: Choice;
  readonly stages: number;
  /** Earlier schedules, of any stages, that searchers which take some start from beside their own. */
  readonly warm?: readonly Schedule[] | undefined;
  /** Target mean sparsity; the budget is round(target * maxLevel) * stages, or * steps. */
  readonly target: Ratio;
  /** What the budget adds up: levels of stages, as in the paper and unless given, or of the steps that visit them. */
  readonly budget?: "levels" | "steps" | undefined;
  readonly searcher: Choice;
  readonly metric: Choice;
  /** Probe pictures on which candidates are compared. */
  readonly probes: number;
  /** Stops candidates that part of the probes shows out of reach of the survivors; unless given all are scored on all. */
  readonly racing?: Racing | undefined;
  /** Other pictures on which the fittest candidates are compared before one wins; 0: the probes decide, as in the paper. */
  readonly validation: number;
  /** Other pictures again, on which the winner is compared with the baselines. */
  readonly heldOut: number;
  readonly steps: number;
  readonly guidance: number;
  readonly sampler: Choice;
  /** Calibration latents per stage of the bank. */
  readonly calibrationItems: number;
  /** Neighbouring stages that share the factors of their common timesteps; 1: each has its own, as in the paper. */
  readonly stagesPerFactor: number;
  /** Of the banks: see CalibrateRequest. */
  readonly storage?: BankStorage | undefined;
  readonly seed: number;
}

/** A schedule with its fitness. */
export interface ScoredSchedule {
  readonly levels: readonly Level[];
  readonly fitness: number;
  readonly origin: Origin;
  /** Racing stopped it: its fitness is an estimate, and it never survives. */
  readonly stopped?: true;
}
/** A candidate that was compared with the other best ones once more. */
export interface Finalist extends ScoredSchedule {
  /** Mean over the validation pictures. */
  readonly validation: number;
}
export interface Comparison {
  readonly id: ScheduleId;
  readonly schedule?: RoutedSchedule | undefined;
  /** Mean over the probes, as searched. */
  readonly fitness: number;
  /** Per held-out picture, same pictures for all. */
  readonly heldOut: readonly number[];
  readonly cost: Cost;
}
export type SearchEvent =
  | Progress
  | { readonly type: "started"; readonly run: string; readonly resumedAt: number; readonly space: SearchSummary }
  | {
      readonly type: "candidate";
      readonly generation: number;
      readonly candidate: Candidate & Pick<ScoredSchedule, "fitness" | "stopped">;
      /** With this one, so far. */
      readonly reuse: Reuse;
    }
  | { readonly type: "baseline"; readonly comparison: Comparison }
  | {
      readonly type: "generation";
      readonly generation: number;
      /** Best first; those that were stopped come last. */
      readonly population: readonly ScoredSchedule[];
      readonly survivors: number;
    }
  | {
      readonly type: "best";
      readonly generation: number;
      readonly best: ScoredSchedule;
      readonly schedule: RoutedSchedule;
    };

export interface SearchSummary {
  readonly division: Division;
  readonly bank: string;
  /** Of this bank, when it is stored in half precision. */
  readonly storageError?: StorageError | undefined;
  readonly maxLevel: Level;
  readonly budget: number;
  /** Native timesteps visited, sampling order, and the stage of each. */
  readonly timesteps: readonly number[];
  readonly stageOfStep: readonly number[];
  /** Sparsity that the integer budget reaches. */
  readonly sparsity: Ratio;
  readonly generations: number;
}
export interface SearchResult {
  readonly run: string;
  readonly request: SearchRequest;
  /** See RunCard; absent unless it was forked. */
  readonly forks?: readonly Fork[] | undefined;
  readonly model: { readonly id: string; readonly name: string };
  readonly space: SearchSummary;
  readonly generations: readonly { readonly population: readonly ScoredSchedule[]; readonly survivors: number }[];
  /** The winner: the first finalist, or the fittest on the probes when there was no validation. */
  readonly best: ScoredSchedule;
  /** Best on the validation pictures first; empty without validation. */
  readonly finalists: readonly Finalist[];
  /**
   * Spearman's, of the finalists' fitness on the probes and on the validation pictures: near 1, the probes rank as other
   * pictures do; near 0 or below, the search has fitted its probes. Undefined without validation, or for equal fitness.
   */
  readonly rankCorrelation?: number | undefined;
  /** Dense, uniform, MosaicDiff and searched, on the same held-out pictures. */
  readonly comparisons: readonly Comparison[];
  readonly verdict: Verdict;
  /** SHA-256 of all levels and fitness bits in order: equal seeds give equal hashes on WASM everywhere. */
  readonly historyHash: string;
  readonly evaluations: number;
  /** Absent in earlier results. */
  readonly reuse?: Reuse | undefined;
  /** Absent without racing. */
  readonly raced?: Raced | undefined;
  /** Since the search was last begun: what was stored before it took no time. */
  readonly elapsed: Milliseconds;
  /** Parts of it. Absent in earlier results. */
  readonly times?: SearchTimes | undefined;
  readonly device: Device;
}
export interface SearchTimes {
  /** Making the search's own bank. */
  readonly calibration: Milliseconds;
  /** From all banks to a winner. */
  readonly search: Milliseconds;
  /** Of that, what the search's loop took beside sampling, scoring and storing candidates. Absent in earlier results. */
  readonly overhead?: Milliseconds | undefined;
}
/** Paired comparison on held-out pictures: mean difference and its 95 % interval. */
export interface Verdict {
  readonly againstUniform: Difference;
  readonly againstMosaic: Difference;
  /** Better than both, intervals above zero. */
  readonly better: boolean;
}
export type Difference = Interval;
/** A mean and its 95 % interval (Student's t). */
export interface Interval {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

export interface Engine extends BankVerbs, RunVerbs, StudyVerbs {
  status(): Promise<EngineStatus>;
  load(request: LoadRequest, on: On<Progress>, signal: AbortSignal): Promise<ModelCard>;
  /** May be called while a search runs: the search yields between candidates. */
  sample(request: SampleRequest, on: On<SampleEvent>, signal: AbortSignal): Promise<SampleGrid>;
  /** Holds a running search between candidates, or lets it go on. */
  pause(paused: boolean): Promise<void>;
  /** How long a search would take, from a measured step of this device and model. */
  estimate(request: SearchRequest): Promise<Estimate>;
  close(): Promise<void>;
}
export interface Estimate {
  /** What the search's own bank is made of, and its id. */
  readonly bank: { readonly id: string; readonly request: CalibrateRequest };
  /** Nothing when the banks are stored already. */
  readonly calibrate: Milliseconds;
  readonly search: Milliseconds;
  /** Sampling all probes with the dense model once. */
  readonly dense: Milliseconds;
  readonly evaluations: number;
  readonly bankBytes: Bytes;
  /** What storage still lacks of them. */
  readonly missingBytes: Bytes;
}
export type * from "./bank-api.ts";
export type * from "./model-api.ts";
export type * from "./run-api.ts";
export type * from "./sample-api.ts";
export type * from "./study-api.ts";
export type { Backend, Device, Division, Origin };
