// export: a schedule for others: as files of the authors' code, and as weights with a sampler in PyTorch.

import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type LoadedModel, loadModel } from "../../engine/load.ts";
import { type Inexpressible, spelled, type Translation, toOfficial } from "../../formats/exchange/official.ts";
import { writeFolder } from "../../formats/exchange/write.ts";
import { pruners } from "../../pruners/index.ts";
import type { Storage } from "../../storage/storage.ts";
import { openStorage, readModelFile } from "../environment.ts";
import { bankFolder, type Chosen, chooseSchedule, chosenFlags, readResult } from "../export/chosen.ts";
import { logOf, metaOf, ordersOf, sizesOf } from "../export/run-files.ts";
import { logFormats, openRun } from "../export/run-log.ts";
import { type SampledSchedule, stagesFiles, writeStages } from "../export/write-stages.ts";
import { choiceFlag, integerIn, type ParsedFlags, UsageError } from "../flags.ts";
import type { BankSchedule } from "../schedule-flags.ts";
import { type Command, guidanceFlag, modelFileFlags, modelSource, ordered, refuseExisting } from "./command.ts";

export const exportSchedule: Command = {
  help: "write a schedule for the authors' code, and its weights for PyTorch; or all that a search evaluated",
  flags: {
    ...modelFileFlags,
    ...chosenFlags,
    as: choiceFlag(Object.keys(logFormats), {
      help: "instead write every evaluation of --run or --from, finished or not: the authors' log, an Optuna journal, a table",
    }),
    "for-official": { help: "write the levels at which the authors' released code removes what ours mean" },
    weights: { help: "write the weights of every stage too, and sample.py, which samples with them" },
    steps: { value: "N", help: "sampling steps of sample.py [the run's, else 20]", check: integerIn(1) },
    ...guidanceFlag,
    out: { value: "DIR", required: true, help: "folder for the files" },
    overwrite: { help: "replace files in OUT" },
  },
  async run(flags, context) {
    checkLog(flags);
    const storage = await openStorage(bankFolder(flags));
    try {
      const model = await loadModel(await modelSource(flags), readModelFile, () => {});
      if (flags.has("as")) return await writeLog(flags, storage, model);
      const chosen = await chooseSchedule(flags, storage, model.card);
      const { bank, levels, result } = chosen;
      const schedule = sampled(flags, chosen, model);
      const official = flags.on("for-official") ? translate(chosen, model) : undefined;
      const { steps, guidance } = result?.request ?? schedule; // --steps and --cfg are about sample.py
      const texts = writeFolder({
        meta: metaOf({ ...schedule, steps, guidance }, model, official ? "official-compat" : "intended"),
        levels: official?.levels ?? levels,
        orders: await ordersOf(chosen, model.spec),
        log: result && logOf(result),
      });
      const out = flags.text("out");
      const weights = flags.on("weights") ? stagesFiles(levels) : [];
      if (!flags.on("overwrite")) await refuseExisting(out, [...texts.keys(), ...weights]);
      await mkdir(out, { recursive: true });
      for (const [name, text] of texts) await writeFile(join(out, name), text);
      const stages = flags.on("weights") ? await writeStages(out, model, schedule) : [];
      const inexpressible = official && numbered(flags, official.inexpressible, levels.length);
      for (const { stage, level, wanted, removed } of inexpressible ?? [])
        context.report(
          `stage ${stage}: level ${level} removes ${spelled(wanted)}; the authors' code ${spelled(removed)}`,
        );
      return {
        out,
        files: [...texts.keys(), ...stages],
        pruner: bank.recipe.pruner.id,
        maxLevel: bank.recipe.maxLevel,
        levels: ordered(flags, levels),
        official: official && ordered(flags, official.levels),
        inexpressible,
      };
    } finally {
      await storage.close();
    }
  },
};

/** @throws UsageError for what `--as` has no use for */
function checkLog(flags: ParsedFlags): void {
  if (!flags.has("as")) return;
  const wrong = ["levels", "for-official", "weights", "steps", "cfg"].find((name) => flags.has(name));
  if (wrong) throw new UsageError(`--${wrong}: --as writes evaluations, not a schedule; give one of both`);
}

async function writeLog(flags: ParsedFlags, storage: Storage, model: LoadedModel) {
  const format = logFormats[flags.text("as")] as (typeof logFormats)[string];
  const id = flags.optional("run") ?? (await readResult(flags.text("from"))).run;
  const run = await openRun(storage, id, model, flags);
  const text = format.text(run);
  const out = flags.text("out");
  if (!flags.on("overwrite")) await refuseExisting(out, [format.file]);
  await mkdir(out, { recursive: true });
  await writeFile(join(out, format.file), text);
  const { candidates, generations } = run.replayed;
  return { out, files: [format.file], run: id, generations: generations.length, evaluations: candidates.length };
}

function translate({ bank, levels }: BankSchedule, { spec }: LoadedModel): Translation {
  const method = bank.recipe.pruner.id;
  const { kind } = pruners.get(method);
  return toOfficial(levels, { method, kind, sizes: sizesOf(spec) });
}

/** The run's plan, unless the flags have another. */
function sampled(flags: ParsedFlags, { result, ...schedule }: Chosen, { card }: LoadedModel): SampledSchedule {
  const { steps = 20, guidance = card.defaults.guidance } = result?.request ?? {};
  return {
    ...schedule,
    steps: flags.has("steps") ? flags.integer("steps") : steps,
    guidance: flags.has("cfg") ? flags.number("cfg") : guidance,
  };
}

/** With the stages' numbers in the order that the user asked for. */
function numbered(flags: ParsedFlags, list: readonly Inexpressible[], numStages: number): Inexpressible[] {
  const numbers = ordered(flags, [...Array(numStages).keys()]);
  return list.map((level) => ({ ...level, stage: numbers[level.stage] as number }));
}
