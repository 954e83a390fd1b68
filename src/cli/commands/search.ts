// search: the whole path: calibrate, search, and the comparison with uniform and MosaicDiff. An interrupted run goes on
// when the same command is given again. Sizes that are not given are the page's Quick.

import { access, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { StudioError } from "../../core/errors.ts";
import { presets } from "../../core/presets.ts";
import type { Engine, ModelCard, SearchRequest } from "../../engine/api.ts";
import { runId } from "../../engine/run-store.ts";
import { LEVELS } from "../../formats/exchange/files.ts";
import { writeLevels } from "../../formats/exchange/schedule.ts";
import { metrics } from "../../metrics/index.ts";
import { pruners } from "../../pruners/index.ts";
import { samplers } from "../../samplers/index.ts";
import { searchers } from "../../searchers/index.ts";
import { openEngine } from "../environment.ts";
import { readResult } from "../export/chosen.ts";
import { choiceFlag, integerIn, numberIn, type ParsedFlags, shelfFlags } from "../flags.ts";
import { checkStoredRun, type Ready, storedRun, storedRunFlags } from "../stored-run.ts";
import {
  backendOf,
  type Command,
  guidanceFlag,
  guidanceOf,
  modelFlags,
  modelSource,
  ordered,
  orderFlag,
  RESULT,
  reporter,
  storageFlag,
  storageOf,
  threadsOf,
} from "./command.ts";

const { values: sizes, options: usual } = presets.quick;

const FITNESS =
  'fitness, or several: "0.5 ssim + 0.5 latent-cosine", "latent-cosine at least 0.88, then fft" [ssim with a decoder, else latent-mse]';

export const search: Command = {
  help: "find a schedule and compare it with uniform pruning and MosaicDiff",
  flags: {
    ...modelFlags,
    ...shelfFlags(pruners, "obs", "pruning method"),
    stages: { value: "S", default: "10", help: "equal stages of the timesteps", check: integerIn(1) },
    target: { value: "X", default: "0.5", help: "mean sparsity, 0 … 1", check: numberIn(0, 1) },
    budget: choiceFlag(["levels", "steps"], {
      default: "levels",
      help: "what every schedule keeps the sum of: levels of stages, or of the steps that visit them",
    }),
    warm: { value: "DIR,…", help: "folders of earlier searches, of any stages, whose winners join the start" },
    probes: {
      value: "K",
      default: String(sizes.probes),
      help: "pictures on which candidates are compared",
      check: integerIn(1),
    },
    validation: {
      value: "K",
      default: String(sizes.validation),
      help: "other pictures on which the best candidates are compared before one wins; 0: the probes decide",
      check: integerIn(0),
    },
    "held-out": {
      value: "K",
      default: String(sizes.heldOut),
      help: "other pictures on which the winner is judged",
      check: integerIn(2),
    },
    steps: { value: "N", default: "20", help: "sampling steps", check: integerIn(1) },
    ...guidanceFlag,
    ...shelfFlags(samplers, "ddim", "solver"),
    ...shelfFlags(searchers, "evolution", "search method", usual),
    generations: { value: "G", help: "short for --searcher.generations", shortFor: "searcher.generations" },
    ...shelfFlags(metrics, undefined, FITNESS),
    items: {
      value: "N",
      default: String(sizes.calibrationItems),
      help: "calibration latents per stage",
      check: integerIn(1),
    },
    "stages-per-factor": {
      value: "K",
      default: String(sizes.stagesPerFactor),
      help: "neighbouring stages that share their factors; 1: each has its own, as in the paper",
      check: integerIn(1),
    },
    ...storageFlag,
    seed: { value: "N", default: "0", help: "of everything drawn", check: integerIn(-Infinity) },
    ...storedRunFlags,
    bank: { value: "DIR", help: "folder for banks and runs [OUT]" },
    ...orderFlag,
    out: { value: "DIR", required: true, help: `gets ${RESULT} and ${LEVELS}` },
    overwrite: { help: "replace another search's files in OUT" },
  },
  async run(flags, context) {
    checkStoredRun(flags);
    const out = flags.text("out");
    const source = await modelSource(flags);
    await mkdir(out, { recursive: true });
    const { engine } = await openEngine(backendOf(flags), flags.optional("bank") ?? out, threadsOf(flags));
    try {
      const card = await engine.load({ source }, () => {}, context.signal);
      const { run, go } = (await storedRun(flags, engine, card)) ?? (await newRun(flags, engine, card));
      if (!flags.on("overwrite")) await refuseAnother(out, run);
      const report = reporter(context);
      const result = await go((event) => {
        if (event.type === "progress") report(event);
        if (event.type === "generation")
          context.report(`generation ${event.generation}: best ${event.population[0]?.fitness.toFixed(5)}`);
      }, context.signal);
      const levels = ordered(flags, result.best.levels);
      await writeFile(join(out, RESULT), `${JSON.stringify(result, undefined, 2)}\n`);
      // Always in the authors' numbering, whatever the flag says about ours.
      await writeFile(join(out, LEVELS), writeLevels(result.best.levels));
      const { rankCorrelation, comparisons, verdict, historyHash, evaluations, elapsed } = result;
      const { storageError } = result.space;
      const { fitness } = result.best;
      const found = { run, levels, fitness, rankCorrelation, comparisons, verdict };
      return { ...found, historyHash, evaluations, elapsed, storageError };
    } finally {
      await engine.close();
    }
  },
};

async function newRun(flags: ParsedFlags, engine: Engine, card: ModelCard): Promise<Ready> {
  const request = { ...requestOf(flags, card), ...(await warmOf(flags)) };
  return { run: runId(card.id, request), go: (on, signal) => engine.search(request, on, signal) };
}

function requestOf(flags: ParsedFlags, card: ModelCard): SearchRequest {
  return {
    pruner: flags.choice(pruners),
    stages: flags.integer("stages"),
    target: flags.number("target"),
    ...(flags.text("budget") === "steps" && { budget: "steps" }),
    searcher: flags.choice(searchers, usual),
    metric: flags.choice(metrics, {}, flags.optional("metric") ?? (card.hasDecoder ? "ssim" : "latent-mse")),
    probes: flags.integer("probes"),
    validation: flags.integer("validation"),
    heldOut: flags.integer("held-out"),
    steps: flags.integer("steps"),
    guidance: guidanceOf(flags, card),
    sampler: flags.choice(samplers),
    calibrationItems: flags.integer("items"),
    stagesPerFactor: flags.integer("stages-per-factor"),
    storage: storageOf(flags),
    seed: flags.integer("seed"),
  };
}

/** The winners of earlier searches. @throws missing-data, corrupt-data */
async function warmOf(flags: ParsedFlags): Promise<Pick<SearchRequest, "warm">> {
  const folders = flags.optional("warm")?.split(",") ?? [];
  const results = await Promise.all(folders.map(readResult));
  return results.length > 0
    ? { warm: results.map(({ space, best }) => ({ division: space.division, levels: best.levels })) }
    : {};
}

/** @throws invalid-input unless the folder has no result, or one of this very run */
async function refuseAnother(out: string, run: string): Promise<void> {
  const found = (await exists(join(out, RESULT))) ? RESULT : (await exists(join(out, LEVELS))) ? LEVELS : undefined;
  if (!found || (found === RESULT && (await runOf(join(out, RESULT))) === run)) return;
  throw new StudioError(
    "invalid-input",
    `${join(out, found)}: is of a search with other settings (this one is run ${run}); choose another --out, or give --overwrite`,
    { run },
  );
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** Undefined for a file that no search wrote. */
async function runOf(path: string): Promise<unknown> {
  try {
    return (JSON.parse(await readFile(path, "utf8")) as { run?: unknown } | null)?.run;
  } catch {
    return undefined;
  }
}
