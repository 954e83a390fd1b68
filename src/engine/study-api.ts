// The contract's part on questions that go beyond one search: what each stage costs, what each budget allows. See api.ts.

import type { Division } from "../core/schedule.ts";
import type { Level, Macs, Milliseconds, Ratio } from "../core/tensor.ts";
import type {
  Comparison,
  Device,
  Interval,
  On,
  Progress,
  RoutedSchedule,
  SearchEvent,
  SearchRequest,
  StorageError,
  Verdict,
} from "./api.ts";

/** Where a result comes from. */
interface Study {
  readonly model: { readonly id: string; readonly name: string };
  readonly division: Division;
  /** The one bank that all its schedules are pruned with; MosaicDiff has its own. */
  readonly bank: string;
  /** Of this bank, when it is stored in half precision. */
  readonly storageError?: StorageError | undefined;
  /** Of this call: what was stored before it took no time. */
  readonly elapsed: Milliseconds;
  readonly device: Device;
}

/** A search without what only a search decides: the table is the same for every budget. */
export interface SensitivityRequest
  extends Omit<SearchRequest, "target" | "warm" | "searcher" | "racing" | "validation" | "heldOut"> {
  /** Every how many levels a stage is measured alone; its highest level always is. */
  readonly levels: Level;
  /** Mean sparsities for which the table's best schedule is asked: one or more. */
  readonly targets: readonly Ratio[];
}
export interface StageLoss {
  /** Fitness of the dense model minus that of pruning this stage alone to this level. */
  readonly loss: number;
  /** False between measured levels: read off a monotone curve through them. */
  readonly measured: boolean;
}
/** The schedule of a budget that loses least when losses of stages are added up. */
export interface Prediction {
  readonly target: Ratio;
  /** Mean level over visited steps / maxLevel, of these levels. */
  readonly sparsity: Ratio;
  /** Of a whole trajectory of one picture. */
  readonly macs: Macs;
  readonly levels: readonly Level[];
  /** The sum. Stages interact, so a search of this budget will find another one. */
  readonly loss: number;
}
export type SensitivityEvent =
  | Progress
  /** Of a schedule that prunes `stage` alone, scored now or before. */
  | { readonly type: "loss"; readonly stage: number; readonly level: Level; readonly loss: number };
export interface SensitivityResult extends Study {
  readonly request: SensitivityRequest;
  readonly maxLevel: Level;
  /** Mean fitness of the dense model on the probes: its pictures against themselves. */
  readonly dense: number;
  /** [stages][maxLevel + 1], stages in sampling order; level 0 is dense and loses nothing. */
  readonly table: readonly (readonly StageLoss[])[];
  /** One for each target, in their order. */
  readonly predictions: readonly Prediction[];
  /**
   * Of the denoiser, each on the whole batch: `run` by this call, and `saved` because a schedule with the same first stages
   * had been sampled, or the same schedule scored, by this call or any other search of the same pictures.
   */
  readonly calls: { readonly run: number; readonly saved: number };
}

/** A search for each of several budgets. */
export interface SweepRequest extends Omit<SearchRequest, "target"> {
  /** Mean sparsities, one or more, each once; searched in this order. */
  readonly targets: readonly Ratio[];
}
/** How one method does at one budget. */
export interface MethodPoint extends Pick<Comparison, "id" | "schedule" | "fitness"> {
  /** Of a whole trajectory of one picture. */
  readonly macs: Macs;
  /** Mean level over visited steps / maxLevel. */
  readonly sparsity: Ratio;
  /** Mean over the held-out pictures. */
  readonly heldOut: Interval;
}
/** One budget of the front. */
export interface SweepPoint {
  readonly target: Ratio;
  /** Its run in the library. */
  readonly run: string;
  /** Uniform, MosaicDiff and searched, at equal cost. */
  readonly methods: readonly MethodPoint[];
  readonly verdict: Verdict;
  /** See SearchResult. */
  readonly rankCorrelation?: number | undefined;
}
export type SweepEvent =
  | Progress
  /** Of the search for a target. */
  | { readonly type: "search"; readonly target: Ratio; readonly event: Exclude<SearchEvent, Progress> }
  | { readonly type: "point"; readonly point: SweepPoint };
export interface SweepResult extends Study {
  readonly request: SweepRequest;
  readonly dense: MethodPoint;
  /** One for each target, in their order. */
  readonly points: readonly SweepPoint[];
}

/** A schedule and how its pictures are drawn: classes in turn, from the noise that `sample` draws from the seed. */
export interface EvaluateRequest extends Pick<SearchRequest, "steps" | "guidance" | "sampler" | "seed"> {
  /** Undefined evaluates the dense model. */
  readonly schedule?: RoutedSchedule | undefined;
  /** How many: 2 or more. */
  readonly pictures: number;
}
export interface EvaluateResult {
  readonly pictures: number;
  /** That looked at them. */
  readonly network: string;
  /** How many real pictures they were compared with; undefined when the model brings none. */
  readonly real: number | undefined;
  /** By id of a metric of whole sets: its value and why not to take it at its face, or why there is none. */
  readonly metrics: Readonly<
    Record<string, { readonly value: number; readonly warning?: string | undefined } | { readonly missing: string }>
  >;
  readonly device: Device;
}

export interface StudyVerbs {
  /** Measures what was not measured before; a search of the same pictures finds it, and the other way round. */
  sensitivity(request: SensitivityRequest, on: On<SensitivityEvent>, signal: AbortSignal): Promise<SensitivityResult>;
  /** Quality against cost. Each target is a run; runs that are finished are taken as they are, others are gone on with. */
  sweep(request: SweepRequest, on: On<SweepEvent>, signal: AbortSignal): Promise<SweepResult>;
  /** FID and its kin of many pictures of one schedule. */
  evaluate(request: EvaluateRequest, on: On<Progress>, signal: AbortSignal): Promise<EvaluateResult>;
}
