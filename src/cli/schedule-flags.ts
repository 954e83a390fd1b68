// A schedule on the command line: levels, and the bank that knows how to execute them.

import { StudioError } from "../core/errors.ts";
import { checkLevels, type Division, type Schedule, stagesWithin, uniformDivision } from "../core/schedule.ts";
import type { ModelCard } from "../engine/api.ts";
import { listBanks } from "../engine/bank.ts";
import type { OpenSchedule } from "../engine/pipeline.ts";
import { parseScheduleFile } from "../formats/schedule-file.ts";
import { pruners } from "../pruners/index.ts";
import type { Storage } from "../storage/storage.ts";
import { ordered, orderFlag } from "./commands/command.ts";
import { readModelFile } from "./environment.ts";
import { type Flags, type ParsedFlags, shelfFlags, UsageError } from "./flags.ts";

export const scheduleFlags: Flags = {
  ...shelfFlags(pruners, undefined, "method of the bank"),
  bank: { value: "DIR", help: "folder that `calibrate` filled" },
  levels: {
    value: "a,b,…|FILE.json",
    help: "levels of equal stages, sampling order; or what `import` printed",
    check: (flags, name) => void (isFile(flags) || flags.integers(name)),
  },
  ...orderFlag,
};

/** A schedule and the bank whose stages hold its own. */
export type BankSchedule = Required<OpenSchedule>;

/**
 * What `--levels` says, in the bank of `--bank` that it fits; of several the one with the most stages.
 * @param model that it is for
 * @throws UsageError, missing-data, corrupt-data, invalid-input
 */
export async function readSchedule(flags: ParsedFlags, storage: Storage, model: ModelCard): Promise<BankSchedule> {
  const { levels, division, pruner } = await givenLevels(flags, model);
  const folder = flags.optional("bank");
  if (!folder || !pruner) throw new UsageError("--levels needs --bank and --pruner");
  const all = await listBanks(storage);
  const fits = all.filter(
    ({ recipe }) => recipe.model === model.id && recipe.pruner.id === pruner && holds(recipe.division, division),
  );
  const most = Math.max(...fits.map(({ numStages }) => numStages));
  const found = fits.filter(({ numStages }) => numStages === most);
  const [bank] = found;
  if (!bank || found.length > 1)
    throw new StudioError(
      "missing-data",
      `${folder}: ${found.length} banks fit this model, ${pruner} and these ${levels.length} stages (it has ${all.length}); give a folder with exactly one`,
    );
  checkLevels("--levels", levels, division.length, bank.recipe.maxLevel);
  return { bank, division, levels };
}

interface Given extends Schedule {
  readonly pruner: string | undefined;
}

/** A list has equal stages. */
async function givenLevels(flags: ParsedFlags, { timesteps }: ModelCard): Promise<Given> {
  const pruner = flags.optional("pruner");
  if (!isFile(flags)) {
    const levels = ordered(flags, flags.integers("levels"));
    return { levels, division: uniformDivision(levels.length, timesteps), pruner };
  }
  const name = flags.text("levels");
  const file = parseScheduleFile(name, await readModelFile(name));
  if (pruner === undefined || pruner === file.pruner) return file;
  const problem = `is a schedule of ${file.pruner}, not of ${pruner}; leave --pruner out`;
  throw new StudioError("invalid-input", `${name}: ${problem}`);
}

function isFile(flags: ParsedFlags): boolean {
  return flags.text("levels").endsWith(".json");
}

/** True when each stage of `fine` lies within one of `coarse`. */
function holds(coarse: Division, fine: Division): boolean {
  try {
    return stagesWithin(fine, coarse).length > 0;
  } catch {
    return false;
  }
}
