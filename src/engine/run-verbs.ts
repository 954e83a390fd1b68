// The verbs on runs: begin, continue, fork, inject, look after. A search belongs to one tab or process at a time.

import { StudioError } from "../core/errors.ts";
import { checkOptions } from "../core/options.ts";
import { checkMember } from "../core/space.ts";
import { searchers } from "../searchers/index.ts";
import type { Fork, On, Progress, RunCard, RunVerbs, SearchEvent, SearchResult, Thumbnail } from "./api.ts";
import { coursesOf } from "./courses.ts";
import type { DeviceGate } from "./device-gate.ts";
import { plan } from "./experiment.ts";
import type { Pipeline } from "./pipeline.ts";
import { generationsOf, type RunRecord, runId } from "./run-store.ts";
import { type RunPlan, runSearch, type SearchTools } from "./search.ts";
import { inTurn } from "./turn.ts";

/** Begins a run or goes on with it, once no other tab or process does. */
export function searchRun(
  pipeline: Pipeline,
  planned: RunPlan,
  tools: SearchTools,
  on: On<SearchEvent>,
  signal: AbortSignal,
): Promise<SearchResult> {
  const label = "Another tab or process is running this search";
  return inTurn(
    tools.storage.exclusive,
    `run ${planned.run}`,
    () => tidily(pipeline, tools, () => runSearch(pipeline, planned, tools, on, signal)),
    async (): Promise<Progress> => ({ type: "progress", phase: "search", label, done: 0, total: 1 }),
    on,
    signal,
  );
}

/** Nobody draws a search's pictures again once it has ended: what was kept of their conditions goes with them. */
export async function tidily<T>(
  { denoiser }: Pipeline,
  { exclusive }: Pick<SearchTools, "exclusive">,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } finally {
    await exclusive(async () => denoiser.forget());
  }
}

/** @param loaded the model's pipeline. @throws missing-data when none is loaded */
export function runVerbs(tools: SearchTools, gate: DeviceGate, loaded: () => Pipeline): RunVerbs {
  const { runs } = tools;

  const go = (planned: RunPlan, on: On<SearchEvent>, signal: AbortSignal): Promise<SearchResult> =>
    searchRun(loaded(), planned, tools, on, signal);

  /** A run of the loaded model. @throws missing-data */
  const recordOf = async (run: string): Promise<RunRecord> => {
    const record = await runs.record(run);
    if (!record) {
      const known = (await runs.cards()).map((card) => card.run).join(", ") || "none";
      throw new StudioError("missing-data", `run ${run}: is not in storage, which has ${known}`);
    }
    if (record.model !== loaded().model.card.id)
      throw new StudioError("missing-data", `run ${run}: is of model ${record.model}; load that model first`);
    return record;
  };

  const stored = async (run: string): Promise<void> => {
    if (!(await runs.record(run)))
      throw new StudioError("missing-data", `run ${run}: is not in storage; it was removed`);
  };

  return {
    search: (request, on, signal) =>
      gate.verb("search", () => go({ run: runId(loaded().model.card.id, request), request, forks: [] }, on, signal)),

    resume: ({ run, generations }, on, signal) =>
      gate.verb("search", async () => {
        const record = await recordOf(run);
        return go({ run, ...(generations === undefined ? record : lengthened(run, record, generations)) }, on, signal);
      }),

    async fork({ run, at, seed, options }): Promise<RunCard> {
      const record = await recordOf(run);
      const { request, model } = record;
      const finished = generationsOf(record);
      if (!(Number.isInteger(at) && at >= 1 && at <= finished))
        refuse(
          `run ${run}: cannot be forked after ${at} generations; it has finished ${finished}, choose 1 … ${finished}`,
        );
      const forks = record.forks.filter((fork) => fork.at < at);
      const before = forks.at(-1) ?? { seed: request.seed, options: request.searcher.options };
      const fork: Fork = { of: run, at, seed: seed ?? before.seed, options: { ...before.options, ...options } };
      const planned = { request, forks: [...forks, fork] };
      const { generations } = coursesOf(request, planned.forks, plan(loaded().model, request));
      if (generations < at)
        refuse(`run ${run}: ${generations} generations end before the fork after ${at}; ask for more`);
      const id = runId(model, request, planned.forks);
      if (!(await runs.record(id)))
        await runs.save(id, { ...record, ...planned, rounds: roundsUntil(record, at), epoch: 0 });
      return (await runs.card(id)) as RunCard;
    },

    async inject({ run, levels }) {
      const { request } = await recordOf(run);
      checkMember("inject", levels, plan(loaded().model, request).space);
      await runs.inject(run, levels);
    },

    runs: () => runs.cards(),
    run: (id) => runs.result(id),
    async renameRun(id, name) {
      await stored(id);
      await runs.rename(id, name.trim());
    },
    async keepPicture(id, picture) {
      checkThumbnail(picture);
      await stored(id);
      await runs.savePicture(id, picture);
    },
    removeRun: (id) => runs.remove(id),
  };
}

/** The run with another number of generations in its last course. @throws invalid-option, invalid-input */
function lengthened(run: string, record: RunRecord, generations: number): Pick<RunPlan, "request" | "forks"> {
  const { request, forks } = record;
  const { id } = request.searcher;
  const last = forks.at(-1);
  const options = { ...(last ?? request.searcher).options, generations };
  checkOptions(id, searchers.get(id).options, options);
  const finished = generationsOf(record);
  if (generations < finished)
    refuse(
      `run ${run}: has finished ${finished} generations and cannot end after ${generations}; fork it there instead`,
    );
  if (last) return { request, forks: [...forks.slice(0, -1), { ...last, options }] };
  return { request: { ...request, searcher: { id, options } }, forks };
}

/** What a run was told until it had finished so many generations. */
function roundsUntil({ rounds }: RunRecord, generations: number): RunRecord["rounds"] {
  const last = rounds.findIndex((_, index) => generationsOf({ rounds: rounds.slice(0, index + 1) }) === generations);
  return rounds.slice(0, last + 1);
}

/** Of a side; 64 KB of pixels. */
const MOST_SIDE = 128;

function checkThumbnail({ side, pixels }: Thumbnail): void {
  if (!Number.isInteger(side) || side < 1 || side > MOST_SIDE)
    refuse(`a run's picture: its side is ${side} pixels; give 1 … ${MOST_SIDE}`);
  if (pixels.length !== 4 * side ** 2)
    refuse(`a run's picture: has ${pixels.length} values; RGBA of ${side} x ${side} are ${4 * side ** 2}`);
}

function refuse(message: string): never {
  throw new StudioError("invalid-input", message);
}
