// A search on the command line that goes on with a stored run, as it is or from an earlier generation on.

import { StudioError } from "../core/errors.ts";
import { uniformDivision } from "../core/schedule.ts";
import type { Engine, ModelCard, RunCard, SearchEvent, SearchRequest, SearchResult } from "../engine/api.ts";
import { parseScheduleFile } from "../formats/schedule-file.ts";
import { searchers } from "../searchers/index.ts";
import { modelFlags, orderFlag } from "./commands/command.ts";
import { readModelFile } from "./environment.ts";
import { type Flags, integerIn, type ParsedFlags, UsageError } from "./flags.ts";

export const storedRunFlags: Flags = {
  resume: {
    value: "RUN",
    help: "go on with this run of --bank, with its own settings; --generations changes how many",
  },
  fork: {
    value: "RUN",
    help: "share this run's first generations, then go on with the --seed and --searcher options given",
  },
  at: { value: "N", help: "generations that a fork shares", check: integerIn(1) },
  inject: { value: "FILE.json", help: "what `import` printed joins the next generation of --resume or --fork" },
};

/** What may be given beside them: a run has the rest already. */
const BESIDE = [...Object.keys({ ...storedRunFlags, ...modelFlags, ...orderFlag }), "bank", "out", "overwrite"];

/** A run that is ready to go on. */
export interface Ready {
  readonly run: string;
  /** Undefined for a run that storage does not have: `go` says so. */
  readonly request: SearchRequest | undefined;
  go(on: (event: SearchEvent) => void, signal: AbortSignal): Promise<SearchResult>;
}

/** @throws UsageError unless the flags name one stored run, or none, and nothing that it has already */
export function checkStoredRun(flags: ParsedFlags): void {
  const { resume, fork, at, inject } = named(flags);
  if (resume && fork) throw new UsageError("give one of --resume and --fork");
  if (at !== Boolean(fork)) throw new UsageError("--fork and --at go together");
  if (!resume && !fork) {
    if (inject)
      throw new UsageError("--inject needs --resume or --fork; a new search takes earlier schedules by --warm");
    return;
  }
  const changes = (name: string) =>
    name === "generations" ||
    name === "searcher.generations" ||
    (fork && (name === "seed" || name.startsWith("searcher.")));
  const wrong = flags.given.find((name) => !BESIDE.includes(name) && !changes(name));
  if (wrong) throw new UsageError(`--${wrong}: a stored run keeps its own; leave it out`);
}

/** Undefined when the flags ask for a new search. @throws missing-data, invalid-input, invalid-option, corrupt-data */
export async function storedRun(flags: ParsedFlags, engine: Engine, model: ModelCard): Promise<Ready | undefined> {
  const { resume, fork } = named(flags);
  if (!resume && !fork) return undefined;
  const card = (await engine.runs()).find(({ run }) => run === (resume ?? fork));
  const options = card && flags.choice(searchers, undefined, card.request.searcher.id).options;
  let run = (resume ?? fork) as string;
  if (fork) {
    const seed = flags.given.includes("seed") ? flags.integer("seed") : undefined;
    run = (await engine.fork({ run, at: flags.integer("at"), seed, options })).run;
  }
  const generations = fork ? undefined : (options?.generations as number | undefined);
  if (flags.has("inject")) {
    if (resume && card?.finished && generations === undefined)
      throw new StudioError("invalid-input", `run ${run}: is finished, so nothing can join it; give it --generations`);
    await engine.inject({ run, levels: await injected(flags.text("inject"), card as RunCard, model) });
  }
  return { run, request: card?.request, go: (on, signal) => engine.resume({ run, generations }, on, signal) };
}

function named(flags: ParsedFlags) {
  const [resume, fork] = [flags.optional("resume"), flags.optional("fork")];
  return { resume, fork, at: flags.has("at"), inject: flags.has("inject") };
}

/** @throws invalid-input for a schedule of other stages or another method */
async function injected(name: string, { run, request }: RunCard, { timesteps }: ModelCard): Promise<readonly number[]> {
  const { levels, division, pruner } = parseScheduleFile(name, await readModelFile(name));
  const stages = JSON.stringify(uniformDivision(request.stages, timesteps)) === JSON.stringify(division);
  if (!stages || pruner !== request.pruner.id)
    throw new StudioError(
      "invalid-input",
      `${name}: is a schedule of ${levels.length} stages by ${pruner}; run ${run} has ${request.stages} equal ones by ${request.pruner.id}`,
    );
  return levels;
}
