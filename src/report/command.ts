// The command line that makes a search again: everything that its request says is said, so that defaults that change
// later change nothing.

import type { Choice, Fork, SearchRequest } from "../engine/api.ts";
import { settingOptions } from "../state/settings.ts";

export interface Reproduction {
  readonly run: string;
  readonly request: SearchRequest;
  readonly forks?: readonly Fork[] | undefined;
  /** Folder or file, and whatever else says which model it is: `--model` and what follows. */
  readonly model: readonly string[];
  readonly backend: string;
}

/** One command, and another for each time that the run left another for a course of its own. */
export function commandsOf({ run, request, forks = [], model, backend }: Reproduction): string[] {
  const where = [...model, "--backend", backend];
  const bank = `runs/${forks[0]?.of ?? run}`;
  const began = command("search", [...where, ...searchArguments(request), "--out", bank]);
  const forked = forks.map(({ of, at, seed, options }, index) => {
    const out = `runs/${forks[index + 1]?.of ?? run}`;
    const changes = ["--seed", String(seed), ...optionArguments({ id: "searcher", options }, "searcher")];
    return command("search", [...where, "--bank", bank, "--fork", of, "--at", String(at), ...changes, "--out", out]);
  });
  return [began, ...forked];
}

/** What `search` takes for a request; earlier schedules to start from are files of their own. */
export function searchArguments(request: SearchRequest): string[] {
  const { racing, storage, budget } = request;
  const numbers = {
    stages: request.stages,
    target: request.target,
    probes: request.probes,
    validation: request.validation,
    "held-out": request.heldOut,
    steps: request.steps,
    cfg: request.guidance,
    items: request.calibrationItems,
    "stages-per-factor": request.stagesPerFactor,
    seed: request.seed,
  };
  return [
    ...choiceArguments("pruner", request.pruner),
    ...choiceArguments("searcher", request.searcher),
    ...choiceArguments("metric", request.metric),
    ...choiceArguments("sampler", request.sampler),
    ...Object.entries(numbers).flatMap(([name, value]) => [`--${name}`, String(value)]),
    ...(budget === undefined || budget === settingOptions.budget.default ? [] : ["--budget", budget]),
    ...(storage === undefined || storage === settingOptions.storage.default ? [] : ["--storage", storage]),
    ...(racing ? ["--racing", String(racing.confidence), "--racing.chunk", String(racing.chunk)] : []),
  ];
}

function choiceArguments(noun: string, choice: Choice): string[] {
  return [`--${noun}`, choice.id, ...optionArguments(choice, noun)];
}

function optionArguments({ options = {} }: Choice, noun: string): string[] {
  return Object.entries(options).flatMap(([key, value]) => [`--${noun}.${key}`, String(value)]);
}

function command(name: string, words: readonly string[]): string {
  const lines = [`npm run -s cli -- ${name}`];
  for (const flag of flagsOf(words)) {
    const last = lines.at(-1) as string;
    if (last.length + flag.length < WIDTH) lines[lines.length - 1] = `${last} ${flag}`;
    else lines.push(`  ${flag}`);
  }
  return lines.join(" \\\n");
}
/** Characters of a line, so that none is broken within a flag. */
const WIDTH = 90;

/** Each with its value. */
function flagsOf(words: readonly string[]): string[] {
  const flags: string[] = [];
  for (const word of words)
    if (word.startsWith("--")) flags.push(word);
    else flags[flags.length - 1] += ` ${quoted(word)}`;
  return flags;
}

/** As a shell takes it for one word. */
function quoted(word: string): string {
  return /^[\w.,:/=+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
