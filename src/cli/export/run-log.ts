// All evaluations of a stored run in one file, for others to look at: the authors' log, an Optuna study, a table.

import { StudioError } from "../../core/errors.ts";
import { historyHash } from "../../engine/evolve.ts";
import type { LoadedModel } from "../../engine/load.ts";
import { type Replay, type ReplayedCandidate, replay } from "../../engine/replay.ts";
import { callsOf } from "../../engine/round.ts";
import { type RunRecord, RunStore } from "../../engine/run-store.ts";
import { csv } from "../../formats/csv.ts";
import { writeEvolution } from "../../formats/exchange/evolution.ts";
import { EVOLUTION } from "../../formats/exchange/files.ts";
import { toOptunaJournal } from "../../formats/optuna.ts";
import type { Storage } from "../../storage/storage.ts";
import { ordered } from "../commands/command.ts";
import type { ParsedFlags } from "../flags.ts";
import { searchSettings } from "./run-files.ts";

interface StoredRun {
  readonly run: string;
  readonly record: RunRecord;
  readonly replayed: Replay;
  /** Levels as the flags number stages. */
  readonly ordered: (levels: readonly number[]) => readonly number[];
}

interface LogFormat {
  readonly file: string;
  text(run: StoredRun): string;
}

/** What `--as` takes. */
export const logFormats: Readonly<Record<string, LogFormat>> = {
  evolution: { file: EVOLUTION, text: evolutionOf },
  optuna: { file: "optuna-journal.log", text: optunaOf },
  csv: { file: "evaluations.csv", text: tableOf },
};

/** @throws missing-data when the storage has no such run, or its model is another */
export async function openRun(
  storage: Storage,
  run: string,
  model: LoadedModel,
  flags: ParsedFlags,
): Promise<StoredRun> {
  const runs = new RunStore(storage);
  const record = await runs.record(run);
  if (!record || record.model !== model.card.id) {
    const known = (await runs.cards()).filter((card) => card.model === model.card.id).map((card) => card.run);
    throw new StudioError(
      "missing-data",
      `run ${run}: is none of this model in storage; there are ${known.join(", ") || "none"}`,
    );
  }
  return {
    run,
    record,
    replayed: await replay(storage, record, model),
    ordered: (levels) => ordered(flags, [...levels]),
  };
}

/** Always in the authors' numbering. @throws invalid-input when their files cannot say the budget */
function evolutionOf({ run, record, replayed }: StoredRun): string {
  const { space, search, kind, maxLevel } = replayed.experiment;
  const targetLevel = space.budget / space.numStages;
  if (space.stepsPerStage || !Number.isInteger(targetLevel))
    throw new StudioError(
      "invalid-input",
      `run ${run}: ${EVOLUTION} knows whole levels per stage, not a budget of ${space.budget} for ${space.numStages} stages${space.stepsPerStage ? " by steps" : ""}; take --as csv`,
    );
  const settings = searchSettings(record.request);
  return writeEvolution(
    { ...settings, kind, maxLevel, targetLevel, generations: replayed.generations },
    search.division,
  );
}

function optunaOf({ run, record, replayed, ordered }: StoredRun): string {
  const { request, forks, model } = record;
  return toOptunaJournal({
    name: `diff-es ${run}`,
    high: replayed.experiment.maxLevel,
    attributes: { run, model, request, forks, historyHash: historyHash(replayed.candidates) },
    trials: replayed.candidates.map(({ candidate, levels, fitness, stopped, scores, evaluations, generation }) => ({
      params: new Map(stageNames(levels).map((name, stage) => [name, ordered(levels)[stage] as number])),
      value: fitness,
      complete: !candidate.partial && !stopped,
      step: scores.length,
      attributes: { generation, origin: candidate.origin.kind, scores, calls: callsOf(evaluations, request.probes) },
    })),
  });
}

function tableOf({ record, replayed, ordered }: StoredRun): string {
  const { candidates, experiment } = replayed;
  const { probes } = record.request;
  const row = (
    { candidate, levels, fitness, stopped, scores, evaluations, generation }: ReplayedCandidate,
    number: number,
  ) => {
    const calls = callsOf(evaluations, probes);
    const { origin, partial = false } = candidate;
    const values = [number, generation, origin.kind, partial, stopped ?? false, fitness, calls.run, calls.saved];
    return [...values, ...ordered(levels), ...scores, ...new Array<string>(probes - scores.length).fill("")];
  };
  const stages = stageNames(experiment.uniform);
  const scores = Array.from({ length: probes }, (_, item) => `score_${item}`);
  const about = ["number", "generation", "origin", "partial", "stopped", "fitness", "calls_run", "calls_saved"];
  return csv({ head: [...about, ...stages, ...scores], rows: candidates.map(row) });
}

/** Of one length, so that names sort as stages do. */
function stageNames(levels: readonly unknown[]): string[] {
  const digits = String(levels.length - 1).length;
  return levels.map((_, stage) => `stage_${String(stage).padStart(digits, "0")}`);
}
