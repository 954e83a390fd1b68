// What the views read. Everything that builds new objects is memoised on what it reads.

import { levelMacs } from "../core/cost.ts";
import { StudioError } from "../core/errors.ts";
import { maxLevelOf } from "../core/levels.ts";
import { checkOptions } from "../core/options.ts";
import { checkRacing } from "../core/racing.ts";
import { budgetOf, mosaicDivision } from "../core/schedule.ts";
import type { Bytes, Level, Macs, Milliseconds, Ratio } from "../core/tensor.ts";
import type {
  BankCard,
  Comparison,
  Cost,
  Division,
  RoutedSchedule,
  ScheduleId,
  ScoredSchedule,
} from "../engine/api.ts";
import { servedBy } from "../metrics/index.ts";
import { memoise } from "./memoise.ts";
import type { RowId, SampleRow } from "./samples-slice.ts";
import { type Settings, settingNames, settingOf, settingOptions, shelves } from "./settings.ts";
import type { StudioState } from "./store.ts";

// ---------------------------------------------------------------------------------------------- before a search

/** What the settings mean on the loaded model. */
export interface Plan {
  readonly maxLevel: Level;
  /** Mean level of every schedule. */
  readonly level: Level;
  /** Sum of levels over stages, or over steps. */
  readonly budget: number;
  /** What the whole-number budget reaches. */
  readonly sparsity: Ratio;
  /** One forward of one picture at the uniform level, and dense. */
  readonly macs: Macs;
  readonly denseMacs: Macs;
}

/** The plan, or why there is none. */
const selectPlanned = memoise(
  ({ settings, model }: StudioState) => [settings, model.card] as const,
  (settings, card): Plan | string => {
    if (!card) return "No model is loaded yet.";
    try {
      checkSettings(settings);
      if (settings.stages > settings.steps)
        return `${settings.stages} stages need at least ${settings.stages} sampling steps, not ${settings.steps}; every stage needs one.`;
      if (!servedBy(card.metrics, settings.metric.id))
        return `${card.name} cannot be scored by ${shelves.metric.get(settings.metric.id).label}; choose another metric.`;
      if (!card.samplers.includes(settings.sampler.id))
        return `${card.name} cannot be sampled by ${shelves.sampler.get(settings.sampler.id).label}; choose another sampler.`;
      const kind = shelves.pruner.get(settings.pruner.id).kind as "width" | "depth";
      const maxLevel = maxLevelOf(card.spec, kind);
      const level = budgetOf(settings.target, maxLevel, settings.stages) / settings.stages;
      const budget = level * (settings.budget === "steps" ? settings.steps : settings.stages);
      const macs = levelMacs(card.spec, kind, level);
      return { maxLevel, level, budget, sparsity: level / maxLevel, macs, denseMacs: levelMacs(card.spec, kind, 0) };
    } catch (error) {
      if (error instanceof StudioError) return error.message;
      throw error;
    }
  },
);

export function selectPlan(state: StudioState): Plan | undefined {
  const planned = selectPlanned(state);
  return typeof planned === "string" ? undefined : planned;
}

/** Why a search cannot start; undefined when it can. */
export function selectProblem(state: StudioState): string | undefined {
  const planned = selectPlanned(state);
  return typeof planned === "string" ? planned : undefined;
}

/** @throws invalid-option */
function checkSettings(settings: Settings): void {
  const values = Object.fromEntries(settingNames.map((name) => [name, settingOf(settings, name)]));
  checkOptions("settings", settingOptions, values);
  if (settings.racing) checkRacing(settings.racing, settings.probes);
  for (const [name, methods] of Object.entries(shelves)) {
    const { id, options } = settings[name as keyof typeof shelves];
    checkOptions(id, methods.get(id).options, options);
  }
}

/** A run of these very settings waits to be continued. */
export function selectUnfinished({ run }: StudioState): boolean {
  return run.phase === "idle" && run.id !== undefined && run.result === undefined;
}

// ------------------------------------------------------------------------------------------------------ the banks

export interface BankRow {
  readonly card: BankCard;
  /** Of the loaded model. */
  readonly own: boolean;
  /** Of MosaicDiff's three stages, made for the baseline. */
  readonly mosaic: boolean;
}
export interface BankList {
  /** Those of the loaded model first. */
  readonly rows: readonly BankRow[];
  readonly bytes: Bytes;
}

export const selectBanks = memoise(
  ({ banks, model }: StudioState) => [banks.cards, model.card?.id] as const,
  (cards, model): BankList => {
    const rows = cards.map((card) => ({ card, own: card.model === model, mosaic: isMosaic(card.division) }));
    return {
      rows: [...rows.filter(({ own }) => own), ...rows.filter(({ own }) => !own)],
      bytes: cards.reduce((sum, { bytes }) => sum + bytes, 0),
    };
  },
);

function isMosaic(division: Division): boolean {
  const timesteps = 1 + (division[0]?.high ?? 0);
  if (division.length !== 3 || timesteps < 10) return false;
  return mosaicDivision(timesteps).every(({ high }, stage) => high === division[stage]?.high);
}

// --------------------------------------------------------------------------------------------------- the pictures

export interface GridRow {
  readonly id: RowId;
  readonly sample: SampleRow | undefined;
  /** The pictures are of an earlier schedule than the row's. */
  readonly stale: boolean;
  readonly cost: Cost | undefined;
  /** Denoiser time of one step and of how many pictures; undefined until the run has measured it beside the others. */
  readonly step: { readonly time: Milliseconds; readonly batch: number } | undefined;
  /** Time of dense over this one, from one round of measurements; undefined where timings mean nothing. */
  readonly speedUp: Ratio | undefined;
  /** On the probes, as searched. */
  readonly fitness: number | undefined;
  /** Mean over held-out pictures. */
  readonly heldOut: number | undefined;
}

export const gridIds = ["dense", "uniform", "mosaic", "searched"] as const satisfies readonly ScheduleId[];

export const selectGrid = memoise(
  ({ samples, run, session }: StudioState) =>
    [samples.rows, run.comparisons, run.best, run.schedule, session.status?.device.software ?? false] as const,
  (rows, comparisons, best, searched, software): readonly GridRow[] =>
    gridIds.map((id) => {
      const sample = rows[id];
      const comparison = comparisons.find((candidate) => candidate.id === id);
      const cost = comparison?.cost ?? sample?.grid?.cost;
      // Only held-out pictures are drawn by all schedules in one round; other times are comparable to nothing.
      const judged = comparison !== undefined && comparison.heldOut.length > 0;
      const timed = judged ? comparison.cost : comparisons.length === 0 ? cost : undefined;
      const speedUp = software || id === "dense" || !judged ? undefined : speedUpOf(comparisons, id);
      return {
        id,
        sample,
        stale: id === "searched" && sample?.grid !== undefined && !sameSchedule(sample.schedule, searched),
        cost,
        step: timed && { time: timed.stepTime, batch: timed.batch },
        speedUp,
        fitness: comparison?.fitness ?? (id === "searched" ? best?.fitness : undefined),
        heldOut: comparison && comparison.heldOut.length > 0 ? mean(comparison.heldOut) : undefined,
      };
    }),
);

// -------------------------------------------------------------------------------------------------- the schedules

export interface HeatmapRow {
  readonly generation: number;
  /** 0 = best of its generation. */
  readonly rank: number;
  readonly levels: readonly Level[];
  readonly fitness: number;
  /** Not yet part of a finished generation. */
  readonly pending: boolean;
}
export interface Heatmap {
  readonly rows: readonly HeatmapRow[];
  /** Rows there will be once the search ends. */
  readonly expected: number;
  /** Index in `rows` of the first that reached the best fitness. */
  readonly best: number | undefined;
  /** The fittest so far, also where it is none of `rows`. */
  readonly pinned: HeatmapRow | undefined;
  readonly division: Division;
  readonly maxLevel: Level;
  readonly timesteps: readonly number[];
  readonly stageOfStep: readonly number[];
}

export const selectBestRows = heatmapOf(1);
export const selectAllRows = heatmapOf(Infinity);

/** @param depth how many of each generation, best first */
function heatmapOf(depth: number): (state: StudioState) => Heatmap | undefined {
  const row = (generation: number, pending: boolean) => (scored: ScoredSchedule, rank: number) => {
    const { levels, fitness } = scored;
    return { generation, rank, levels, fitness, pending };
  };
  // Apart from the pending ones, which change with every candidate.
  const selectFinished = memoise(
    ({ run }: StudioState) => [run.generations] as const,
    (generations) => {
      const rows = generations.flatMap(({ population }, index) => population.slice(0, depth).map(row(index, false)));
      const top = rows.reduce((highest, { fitness }) => Math.max(highest, fitness), -Infinity);
      const best = rows.findIndex(({ fitness }) => fitness === top);
      const perGeneration = generations.length > 0 ? rows.length / generations.length : 1;
      return { rows, best: best < 0 ? undefined : best, next: generations.length, perGeneration };
    },
  );
  return memoise(
    (state: StudioState) =>
      [state.run.space, selectFinished(state), state.run.pending, state.run.result === undefined] as const,
    (space, finished, pending, growing): Heatmap | undefined => {
      if (!space) return undefined;
      const fresh = [...pending].sort((a, b) => b.fitness - a.fitness).slice(0, depth);
      const rows = [...finished.rows, ...fresh.map(row(finished.next, true))];
      const planned = growing ? Math.round(finished.perGeneration * space.generations) : 0;
      const { division, maxLevel, timesteps, stageOfStep } = space;
      const expected = Math.max(rows.length, planned);
      const { best } = finished;
      const pinned = best === undefined ? undefined : rows[best];
      return { rows, expected, best, pinned, division, maxLevel, timesteps, stageOfStep };
    },
  );
}

/** The population of one generation, with the fittest until then. @param all of every generation */
export function populationOf(all: Heatmap, generation: number): Heatmap {
  const rows = all.rows.filter((row) => row.generation === generation);
  const before = all.rows.filter((row) => row.generation <= generation && !row.pending);
  const top = before.reduce((highest, { fitness }) => Math.max(highest, fitness), -Infinity);
  const pinned = before.find(({ fitness }) => fitness === top);
  const best = pinned ? rows.indexOf(pinned) : -1;
  return { ...all, rows, expected: rows.length, best: best < 0 ? undefined : best, pinned };
}

export interface Strip {
  readonly rows: readonly { readonly id: ScheduleId; readonly schedule: RoutedSchedule }[];
  readonly maxLevel: Level;
}

export const selectStrip = memoise(
  ({ run }: StudioState) => [run.space, run.comparisons, run.schedule] as const,
  (space, comparisons, searched): Strip | undefined => {
    if (!space) return undefined;
    const of = (id: ScheduleId) => comparisons.find((comparison) => comparison.id === id)?.schedule;
    const rows = (["uniform", "mosaic", "searched"] as const).flatMap((id) => {
      const schedule = of(id) ?? (id === "searched" ? searched : undefined);
      return schedule ? [{ id, schedule }] : [];
    });
    return { rows, maxLevel: space.maxLevel };
  },
);

// ----------------------------------------------------------------------------------------------------- the result

/** Time of a dense step over that of a schedule's, measured in one round on equal batches. */
export function speedUpOf(comparisons: readonly Comparison[], id: ScheduleId): Ratio | undefined {
  const costOf = (which: ScheduleId) => comparisons.find((comparison) => comparison.id === which)?.cost;
  const [dense, own] = [costOf("dense"), costOf(id)];
  return dense && own && dense.batch === own.batch ? dense.stepTime / own.stepTime : undefined;
}

function sameSchedule(a: RoutedSchedule | undefined, b: RoutedSchedule | undefined): boolean {
  return a?.bank === b?.bank && a?.levels.join() === b?.levels.join();
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
