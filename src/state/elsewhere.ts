// A run that was made elsewhere, as the views read runs. It has no id: there is nothing in storage to go on with. Loaded
// when somebody opens one.

import { StudioError } from "../core/errors.ts";
import { scheduleKey, sparsityOf } from "../core/schedule.ts";
import { stageOfSteps, visitedTimesteps } from "../core/timeline.ts";
import type { ScoredSchedule, SearchResult, SearchSummary } from "../engine/api.ts";
import { type Experiment, readExperiment } from "../formats/exchange/experiment.ts";
import { FILES } from "../formats/exchange/files.ts";
import { Folder } from "../formats/exchange/folder.ts";
import { withParents } from "../formats/exchange/parents.ts";
import { readRunFile } from "../formats/run-file.ts";
import { type FolderFile, isRunFile, pictureRows, RESULT, type RunFiles, runsIn } from "./run-folder.ts";
import { type Elsewhere, finished, noRun, type RunState } from "./run-state.ts";
import { shelves } from "./settings.ts";

const INFERRED =
  "Parents are not in the log: each child is drawn from the survivor before it that is fewest levels away";

/**
 * The first search of a folder, with the pictures of all of it.
 * @param name of the folder, for messages
 * @throws missing-data when there is neither; corrupt-data with everything that is wrong
 */
export async function readElsewhere(name: string, files: readonly FolderFile[], watched: boolean): Promise<RunState> {
  const [run, ...others] = runsIn(files);
  const pictures = pictureRows(files);
  if (!run && pictures.length === 0)
    throw new StudioError(
      "missing-data",
      `${name}: none of its ${files.length} files is of a search; open a folder with ${RESULT}, evolution.json or levels_per_stage.json, or with pictures such as 000000.png`,
    );
  const also = others.map(({ folder }) => `${name}/${folder} is another search: open it by itself to see it`);
  const elsewhere: Elsewhere = {
    name: run?.folder ? `${name}/${run.folder}` : name,
    about: "",
    watched,
    problems: [],
    missing: also,
    pictures,
  };
  if (!run) return { ...noRun, elsewhere };
  const texts = await textsOf(run);
  const result = texts.get(RESULT) ?? [...texts].find(([file]) => !FILES.includes(file) && isRunFile(file))?.[1];
  return result === undefined ? fromLog(texts, elsewhere) : fromResult(result, elsewhere);
}

async function textsOf({ files }: RunFiles): Promise<ReadonlyMap<string, string>> {
  const wanted = [...files].filter(([name]) => FILES.includes(name) || isRunFile(name));
  return new Map(
    await Promise.all(wanted.map(async ([name, file]) => [name, await (await file.open()).text()] as const)),
  );
}

function fromResult(text: string, elsewhere: Elsewhere): RunState {
  const folder = new Folder(elsewhere.name, new Map([[RESULT, text]]));
  const result = folder.read(RESULT, readRunFile) as SearchResult | undefined;
  return result ? { ...finished(result), id: undefined, elsewhere } : folder.fail();
}

function fromLog(texts: ReadonlyMap<string, string>, elsewhere: Elsewhere): RunState {
  const experiment = readExperiment(elsewhere.name, texts);
  const { levels, division, method, model = "" } = experiment;
  const generations = withParents(experiment.generations).map(({ population, survivors }) => ({
    survivors,
    population: population.map(({ levels, fitness, parent }): ScoredSchedule => {
      const founder = levels.every((level) => level === levels[0]) ? "uniform" : "logged";
      return { levels, fitness, origin: parent ? { kind: "mutation", parent } : { kind: founder } };
    }),
  }));
  const key = scheduleKey(levels);
  const candidates = generations.flatMap(({ population }) => population);
  const inferred = generations.length > 1 ? [INFERRED] : [];
  return {
    ...noRun,
    model: { id: model, name: method ?? "" },
    space: spaceOf(experiment),
    generations,
    best: candidates.find((candidate) => scheduleKey(candidate.levels) === key),
    schedule: { division, levels, bank: "" },
    elsewhere: {
      ...elsewhere,
      about: aboutOf(experiment),
      problems: experiment.problems,
      missing: [...experiment.missing, ...inferred, ...elsewhere.missing],
    },
  };
}

function aboutOf({ method, division, maxLevel, budget, generations, planned }: Experiment): string {
  const label = method && shelves.pruner.ids.includes(method) ? shelves.pruner.get(method).label : method;
  const stages = `${division.length} stages of levels 0 … ${maxLevel}, budget ${budget}`;
  const course = planned > 0 ? `${generations.length} of ${planned} generations` : undefined;
  return [label, stages, course].filter(Boolean).join(" · ");
}

function spaceOf({ division, maxLevel, budget, planned, levels, steps }: Experiment): SearchSummary {
  // The authors' code samples DiT, evenly spaced from end to end.
  const noise = { timesteps: 1 + (division[0] as (typeof division)[0]).high, spacing: "linspace" } as const;
  const timesteps = steps === undefined ? division.map(({ high }) => high) : visitedTimesteps(noise, steps);
  const stageOfStep = stageOfSteps(division, timesteps);
  const visits = division.map((_, stage) => stageOfStep.filter((of) => of === stage).length);
  const sparsity = sparsityOf(levels, visits, maxLevel);
  return { division, bank: "", maxLevel, budget, timesteps, stageOfStep, sparsity, generations: planned };
}
