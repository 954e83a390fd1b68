// search: the whole path: calibrate, search, and the comparison with uniform and MosaicDiff. An interrupted run goes on
// when the same command is given again. Sizes that are not given are the page's Quick.

import { access, mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { StudioError } from "../../core/errors.ts";
import type { Engine, ModelCard } from "../../engine/api.ts";
import { runId } from "../../engine/run-store.ts";
import { EVOLUTION, LEVELS, META } from "../../formats/exchange/files.ts";
import { writeLevels } from "../../formats/exchange/schedule.ts";
import { GrowingLog } from "../export/growing-log.ts";
import { numberIn, type ParsedFlags } from "../flags.ts";
import { searchFlags, searchingOf } from "../search-flags.ts";
import { checkStoredRun, type Ready, storedRun, storedRunFlags } from "../stored-run.ts";
import { writeWhole } from "../whole-file.ts";
import { withModel } from "../with-model.ts";
import { type Command, modelFlags, ordered, orderFlag, RESULT, reporter } from "./command.ts";

export const search: Command = {
  help: "find a schedule and compare it with uniform pruning and MosaicDiff",
  flags: {
    ...modelFlags,
    ...searchFlags,
    target: { value: "X", default: "0.5", help: "mean sparsity, 0 … 1", check: numberIn(0, 1) },
    ...storedRunFlags,
    bank: { value: "DIR", help: "folder for banks and runs [OUT]" },
    ...orderFlag,
    out: { value: "DIR", required: true, help: `gets ${RESULT} and ${LEVELS}; ${EVOLUTION} and ${META} as it goes` },
    overwrite: { help: "replace another search's files in OUT" },
  },
  async run(flags, context) {
    checkStoredRun(flags);
    const out = flags.text("out");
    return withModel(flags, flags.optional("bank") ?? out, context, async ({ engine, card }) => {
      await mkdir(out, { recursive: true });
      const { run, request, go } = (await storedRun(flags, engine, card)) ?? (await newRun(flags, engine, card));
      if (!flags.on("overwrite")) await refuseAnother(out, run);
      const report = reporter(context);
      const log = request && new GrowingLog(out, request, card);
      const result = await go((event) => {
        log?.take(event);
        if (event.type === "progress") report(event);
        if (event.type === "generation")
          context.report(`generation ${event.generation}: best ${event.population[0]?.fitness.toFixed(5)}`);
      }, context.signal);
      await log?.close();
      const levels = ordered(flags, result.best.levels);
      await writeWhole(join(out, RESULT), `${JSON.stringify(result, undefined, 2)}\n`);
      // Always in the authors' numbering, whatever the flag says about ours.
      await writeWhole(join(out, LEVELS), writeLevels(result.best.levels));
      const { rankCorrelation, comparisons, verdict, historyHash, evaluations, reuse, raced, elapsed } = result;
      const { storageError } = result.space;
      const { fitness } = result.best;
      const found = { run, levels, fitness, rankCorrelation, comparisons, verdict };
      return { ...found, historyHash, evaluations, reuse, raced, elapsed, storageError };
    });
  },
};

async function newRun(flags: ParsedFlags, engine: Engine, card: ModelCard): Promise<Ready> {
  const request = { ...(await searchingOf(flags, card)), target: flags.number("target") };
  return { run: runId(card.id, request), request, go: (on, signal) => engine.search(request, on, signal) };
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
