// One search from request to result: the banks, the search on the probes, the choice of a winner, and the comparison of
// dense, uniform, MosaicDiff and the winner on pictures that decided nothing.

import type { Level } from "../core/tensor.ts";
import type {
  Comparison,
  On,
  Raced,
  RoutedSchedule,
  ScheduleId,
  ScoredSchedule,
  SearchEvent,
  SearchResult,
} from "./api.ts";
import { coursesOf } from "./courses.ts";
import { contextId, EvaluationStore } from "./evaluations.ts";
import { type Evolved, evolve, historyHash } from "./evolve.ts";
import { banksOf, costOf, plan, type Staging, summaryOf } from "./experiment.ts";
import type { Scored } from "./fitness.ts";
import { Journal } from "./journal.ts";
import { agreement, finalistsOf, type Jury, judge, validate } from "./judge.ts";
import { divisionOf, type OpenSchedule, type Pipeline } from "./pipeline.ts";
import type { PrecomputeTools } from "./precompute.ts";
import { Probes } from "./probes.ts";
import type { Outcome } from "./round.ts";
import type { RunRecord, RunStore } from "./run-store.ts";
import { openBanks } from "./search-banks.ts";
import { verdict } from "./verdict.ts";

export interface SearchTools extends PrecomputeTools {
  readonly runs: RunStore;
  /** Returns at once, or when a pause ends. */
  readonly hold: (signal: AbortSignal) => Promise<void>;
}

export interface RunPlan extends Pick<RunRecord, "request" | "forks"> {
  readonly run: string;
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
  { run, request, forks }: RunPlan,
  tools: SearchTools,
  on: On<SearchEvent>,
  signal: AbortSignal,
): Promise<SearchResult> {
  const started = tools.now();
  const { model } = pipeline;
  const experiment = plan(model, request);
  const { courses, evaluations: total, generations } = coursesOf(request, forks, experiment);
  const { runs } = tools;
  const evaluations = new EvaluationStore(tools.storage);

  const [own, mosaics] = await openBanks(pipeline, experiment, banksOf(experiment), tools, on, signal);
  const begun = tools.now();
  const summary = summaryOf(experiment, await own.bank.card(), generations);
  const { division } = experiment.search;
  const { device } = pipeline.runtime;
  const probed = { set: "probes", count: request.probes } as const;
  const context = contextId({ model: model.card.id, bank: own.bank.id, division, request, device, ...probed });
  const asked = { run, request, forks, model: model.card.id, context };
  const journal = await Journal.open({ ...asked, runs, evaluations });
  on({ type: "started", run, resumedAt: journal.generations, space: summary });

  const jury: Jury = { pipeline, request, evaluations, exclusive: tools.exclusive, on, signal };
  const open = (levels: readonly Level[]): OpenSchedule => ({ bank: own.bank, division, levels });
  const mosaic = { bank: mosaics.bank, levels: experiment.mosaic.levels };
  const entries: Entry[] = [
    { id: "dense", staging: experiment.search, open: undefined },
    { id: "uniform", staging: experiment.search, open: open(experiment.uniform) },
    { id: "mosaic", staging: experiment.mosaic, open: mosaic },
  ];
  const fitness = new Map<ScheduleId, number>();
  const comparison = ({ id, staging, open }: Entry, { stepTimes }: Scored, heldOut: readonly number[]): Comparison => ({
    id,
    schedule: open && routed(open),
    fitness: fitness.get(id) ?? Number.NaN,
    heldOut,
    cost: costOf(model, experiment.kind, staging, open?.levels, stepTimes, heldOut.length || request.probes),
  });

  const probes = await Probes.open(pipeline, request);
  let evolved: Evolved;
  try {
    for (const entry of entries) {
      const { id, open } = entry;
      const [phase, label] = open
        ? (["baseline", `Sampling ${id}`] as const)
        : (["reference", "Sampling the dense model"] as const);
      on({ type: "progress", phase, label, done: 0, total: 1 });
      const scored = await tools.exclusive(() => (open ? probes.score(open, signal) : probes.prepare(signal)));
      fitness.set(id, scored.fitness);
      on({ type: "baseline", comparison: comparison(entry, scored, []) });
    }
    evolved = await evolve(courses, total, {
      request,
      journal,
      tools,
      on,
      signal,
      score: (levels, part) => probes.score(open(levels), signal, part),
      routed: (levels) => routed(open(levels)),
    });
  } finally {
    await probes.free();
  }

  const ranked = finalistsOf(evolved.generations, experiment.projected);
  const finalists = request.validation > 0 ? await validate(jury, ranked, open) : [];
  const best = (finalists[0] ?? ranked[0]) as ScoredSchedule;
  const winner: ScoredSchedule = { levels: best.levels, fitness: best.fitness, origin: best.origin };
  if (best !== ranked[0])
    on({ type: "best", generation: evolved.generations.length - 1, best: winner, schedule: routed(open(best.levels)) });

  const times = { calibration: own.elapsed, search: tools.now() - begun, overhead: evolved.overhead };
  fitness.set("searched", best.fitness);
  entries.push({ id: "searched", staging: experiment.search, open: open(best.levels) });
  const judged = await judge(jury, entries);
  const comparisons = judged.map((scored, index) => comparison(entries[index] as Entry, scored, scored.scores));
  const heldOut = (id: ScheduleId) => comparisons.find((entry) => entry.id === id)?.heldOut ?? [];
  const result: SearchResult = {
    run,
    request,
    ...(forks.length > 0 && { forks }),
    model: { id: model.card.id, name: model.card.name },
    space: summary,
    generations: evolved.generations,
    best: winner,
    finalists,
    rankCorrelation: agreement(finalists),
    comparisons,
    verdict: verdict(heldOut("searched"), heldOut("uniform"), heldOut("mosaic")),
    historyHash: historyHash(evolved.history),
    evaluations: evolved.history.length,
    reuse: evolved.reuse,
    ...(request.racing && { raced: racedOf(evolved.history, request.probes) }),
    elapsed: tools.now() - started,
    times,
    device,
  };
  await runs.saveResult(result);
  return result;
}

function racedOf(history: readonly Outcome[], probes: number): Raced {
  const stopped = history.filter((outcome) => outcome.stopped);
  const saved = stopped.reduce((sum, { scores }) => sum + probes - scores.length, 0);
  return { stopped: stopped.length, samples: { run: probes * history.length - saved, saved } };
}

function routed(schedule: OpenSchedule): RoutedSchedule {
  return { division: divisionOf(schedule), levels: schedule.levels, bank: schedule.bank.id };
}
