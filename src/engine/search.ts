// The search driver: asks a searcher for schedules, scores them, tells it, and writes down every step, so that a run
// that was killed goes on without repeating a finished candidate. Then it judges: dense, uniform, MosaicDiff and the
// winner on pictures that the search never saw.

import { checkOptions } from "../core/options.ts";
import { stream } from "../core/rng.ts";
import type { Level, Milliseconds } from "../core/tensor.ts";
import { sha256 } from "../formats/hash.ts";
import { searchers } from "../searchers/index.ts";
import type { Candidate, Search } from "../searchers/searcher.ts";
import type {
  Comparison,
  On,
  Phase,
  RoutedSchedule,
  ScheduleId,
  SearchEvent,
  SearchRequest,
  SearchResult,
} from "./api.ts";
import type { Bank } from "./bank.ts";
import { calibrateRequest, costOf, type Experiment, plan, type Staging, summaryOf } from "./experiment.ts";
import { FitnessEvaluator, type Scored } from "./fitness.ts";
import type { OpenSchedule, Pipeline } from "./pipeline.ts";
import { type PrecomputeTools, precompute } from "./precompute.ts";
import { type Checkpoint, type GenerationRecord, RunStore, runId } from "./run-store.ts";
import { Stopwatch } from "./stopwatch.ts";
import { verdict } from "./verdict.ts";

export interface SearchTools extends PrecomputeTools {
  /** Returns at once, or when a pause ends. */
  readonly hold: (signal: AbortSignal) => Promise<void>;
}

/** One schedule of the final comparison. */
interface Entry {
  readonly id: ScheduleId;
  readonly staging: Staging;
  /** Undefined is dense. */
  readonly open: OpenSchedule | undefined;
}

export async function runSearch(
  pipeline: Pipeline,
  request: SearchRequest,
  tools: SearchTools,
  on: On<SearchEvent>,
  signal: AbortSignal,
): Promise<SearchResult> {
  const started = tools.now();
  const { model } = pipeline;
  const experiment = plan(model, request);
  const searcher = searchers.get(request.searcher.id);
  const options = checkOptions(request.searcher.id, searcher.options, request.searcher.options);
  const runs = new RunStore(tools.storage);
  const run = runId(model.card.id, request);
  const known = await runs.checkpoint(run);
  const search = searcher.start(experiment.space, options, request.seed, [experiment.projected], known?.searcher);

  const banks = await openBanks(pipeline, experiment, tools, on, signal);
  const summary = summaryOf(experiment, banks.search.id, Number(options.generations));
  on({ type: "started", run, resumedAt: known?.generations.length ?? 0, space: summary });

  const routed = (bank: Bank, levels: readonly Level[]): RoutedSchedule => ({
    division: bank.recipe.division,
    levels,
    bank: bank.id,
  });
  const probes = await openEvaluator(pipeline, request, "probes", request.probes);
  const scored = new Map<ScheduleId, Scored>();
  const entries: Entry[] = [
    { id: "dense", staging: experiment.search, open: undefined },
    { id: "uniform", staging: experiment.search, open: { bank: banks.search, levels: experiment.uniform } },
    { id: "mosaic", staging: experiment.mosaic, open: { bank: banks.mosaic, levels: experiment.mosaic.levels } },
  ];
  const comparison = (
    { id, staging, open }: Entry,
    heldOut: readonly number[],
    times: readonly Milliseconds[],
  ): Comparison => ({
    id,
    schedule: open && routed(open.bank, open.levels),
    fitness: scored.get(id)?.fitness ?? Number.NaN,
    heldOut,
    cost: costOf(model, experiment.kind, staging, open?.levels, times, heldOut.length || request.probes),
  });

  try {
    for (const entry of entries) {
      const { open } = entry;
      progress(on, open ? "baseline" : "reference", open ? `Sampling ${entry.id}` : "Sampling the dense model", 0, 1);
      const result = await tools.exclusive(() => (open ? probes.score(open, signal) : probes.prepare(signal)));
      scored.set(entry.id, result);
      on({ type: "baseline", comparison: comparison(entry, [], result.stepTimes) });
    }

    const total = searcher.evaluations(experiment.space, options);
    const state = await evolve(search, known, total, {
      run,
      request,
      model: model.card.id,
      runs,
      tools,
      on,
      signal,
      score: (levels) => probes.score({ bank: banks.search, levels }, signal),
      routed: (levels) => routed(banks.search, levels),
    });

    const winner = state.generations.at(-1)?.population[0] as SearchResult["best"];
    scored.set("searched", { fitness: winner.fitness, scores: [], stepTimes: [] });
    entries.push({ id: "searched", staging: experiment.search, open: { bank: banks.search, levels: winner.levels } });
    const comparisons = await judge(pipeline, request, entries, comparison, tools, on, signal);
    const heldOut = (id: ScheduleId) => comparisons.find((entry) => entry.id === id)?.heldOut ?? [];
    const result: SearchResult = {
      run,
      request,
      model: { id: model.card.id, name: model.card.name },
      space: summary,
      generations: state.generations,
      best: winner,
      comparisons,
      verdict: verdict(heldOut("searched"), heldOut("uniform"), heldOut("mosaic")),
      historyHash: historyHash(state.history),
      evaluations: state.history.length,
      elapsed: tools.now() - started,
      device: pipeline.runtime.device,
    };
    await runs.saveResult(result);
    return result;
  } finally {
    await probes.free();
  }
}

async function openBanks(
  pipeline: Pipeline,
  experiment: Experiment,
  tools: SearchTools,
  on: On<SearchEvent>,
  signal: AbortSignal,
): Promise<{ readonly search: Bank; readonly mosaic: Bank }> {
  const divisions = [experiment.search.division, experiment.mosaic.division];
  const stages = divisions.map((division) => division.length);
  const watch = new Stopwatch(tools.now);
  const banks: Bank[] = [];
  for (const [index, division] of divisions.entries()) {
    const whole = stages.reduce((sum, count) => sum + count, 0);
    const before = stages.slice(0, index).reduce((sum, count) => sum + count, 0);
    const name = index === 0 ? "" : "MosaicDiff: ";
    const opened = await precompute(
      pipeline,
      calibrateRequest(experiment, division),
      tools,
      ({ phase, label, share }) => {
        const done = (before + share * division.length) / whole;
        on({ type: "progress", phase, label: name + label, done, total: 1, left: watch.left(done) });
      },
      signal,
    );
    banks.push(opened.bank);
  }
  return { search: banks[0] as Bank, mosaic: banks[1] as Bank };
}

interface Evolution {
  readonly run: string;
  readonly request: SearchRequest;
  readonly model: string;
  readonly runs: RunStore;
  readonly tools: SearchTools;
  readonly on: On<SearchEvent>;
  readonly signal: AbortSignal;
  readonly score: (levels: readonly Level[]) => Promise<Scored>;
  readonly routed: (levels: readonly Level[]) => RoutedSchedule;
}

type State = Pick<Checkpoint, "generations" | "history">;

/** Asks, scores and tells until the searcher is done; replays what a checkpoint holds. */
async function evolve(search: Search, known: Checkpoint | undefined, total: number, run: Evolution): Promise<State> {
  const { tools, on, signal } = run;
  const generations: GenerationRecord[] = [...(known?.generations ?? [])];
  const history = [...(known?.history ?? [])];
  for (const [generation, record] of generations.entries()) on({ type: "generation", generation, ...record });
  let best = generations.at(-1)?.population[0];
  if (best) on({ type: "best", generation: generations.length - 1, best, schedule: run.routed(best.levels) });

  const watch = new Stopwatch(tools.now);
  const already = history.length;
  const keep = () =>
    run.runs.saveCheckpoint(run.run, {
      request: run.request,
      model: run.model,
      searcher: search.snapshot(),
      generations,
      history,
    });
  if (!known) await keep(); // from now on it is listed and can be continued
  let pending = await run.runs.pending(run.run, generations.length);
  while (!search.done) {
    const asked = search.ask();
    const fitness: number[] = [];
    const generation = generations.length;
    for (const [index, candidate] of asked.entries()) {
      await tools.hold(signal);
      const value = pending[index] ?? (await tools.exclusive(() => run.score(candidate.levels))).fitness;
      fitness.push(value);
      history.push({ levels: candidate.levels, fitness: value });
      if (pending[index] === undefined) await run.runs.savePending(run.run, generation, fitness);
      const scored = { ...candidate, fitness: value };
      on({ type: "candidate", generation, candidate: scored });
      if (!best || value > best.fitness) {
        best = scored;
        on({ type: "best", generation, best, schedule: run.routed(best.levels) });
      }
      const left = watch.left((history.length - already) / Math.max(1, total - already));
      progress(on, "search", labelOf(generation, index, asked), history.length, total, left);
    }
    pending = [];
    const { population, survivors } = search.tell(fitness);
    generations.push({ population, survivors });
    await keep();
    on({ type: "generation", generation, population, survivors });
  }
  return { generations, history };
}

/** Scores every entry on held-out pictures, in turn, with every step run and timed. */
async function judge(
  pipeline: Pipeline,
  request: SearchRequest,
  entries: readonly Entry[],
  comparison: (entry: Entry, heldOut: readonly number[], times: readonly Milliseconds[]) => Comparison,
  tools: SearchTools,
  on: On<SearchEvent>,
  signal: AbortSignal,
): Promise<Comparison[]> {
  const evaluator = await openEvaluator(pipeline, request, "held-out", request.heldOut);
  try {
    const comparisons: Comparison[] = [];
    for (const [index, entry] of entries.entries()) {
      const { open } = entry;
      progress(on, "held-out", `Judging ${entry.id} on ${request.heldOut} new pictures`, index, entries.length);
      const { scores, stepTimes } = await tools.exclusive(() =>
        open ? evaluator.score(open, signal, true) : evaluator.prepare(signal),
      );
      comparisons.push(comparison(entry, scores, stepTimes));
    }
    return comparisons;
  } finally {
    await evaluator.free();
  }
}

function openEvaluator(
  pipeline: Pipeline,
  request: SearchRequest,
  set: string,
  count: number,
): Promise<FitnessEvaluator> {
  const { numClasses } = pipeline.model.spec;
  const classes = stream(request.seed, "labels", set).shuffle([...Array(numClasses).keys()]);
  const labels = Array.from({ length: count }, (_, index) => classes[index % numClasses] as number);
  return FitnessEvaluator.open(pipeline, request.metric, pipeline.batch(request.seed, set, labels), request);
}

/** SHA-256 over levels and fitness bits of all candidates in the order of their evaluation. */
function historyHash(history: State["history"]): string {
  const parts = history.map(({ levels, fitness }) => {
    const bytes = new DataView(new ArrayBuffer(levels.length * 4 + 8));
    levels.forEach((level, index) => {
      bytes.setInt32(4 * index, level, true);
    });
    bytes.setFloat64(4 * levels.length, fitness, true);
    return new Uint8Array(bytes.buffer);
  });
  return sha256(parts);
}

function labelOf(generation: number, index: number, asked: readonly Candidate[]): string {
  return `Generation ${generation}: candidate ${index + 1} of ${asked.length}`;
}

function progress(
  on: On<SearchEvent>,
  phase: Phase,
  label: string,
  done: number,
  total: number,
  left?: Milliseconds,
): void {
  on({ type: "progress", phase, label, done, total, left });
}
