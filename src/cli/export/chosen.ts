// Which schedule a command is about: the winner of a search, or levels that somebody gives.

import { join } from "node:path";
import { StudioError } from "../../core/errors.ts";
import type { ModelCard, SearchResult } from "../../engine/api.ts";
import { Bank } from "../../engine/bank.ts";
import { RunStore } from "../../engine/run-store.ts";
import type { Storage } from "../../storage/storage.ts";
import { RESULT } from "../commands/command.ts";
import { readModelFile } from "../environment.ts";
import { type Flags, type ParsedFlags, UsageError } from "../flags.ts";
import { type BankSchedule, readSchedule, scheduleFlags } from "../schedule-flags.ts";

export const chosenFlags: Flags = {
  from: { value: "DIR", help: "folder of a finished search: its winner" },
  run: { value: "ID", help: "a finished run in --bank: its winner" },
  ...scheduleFlags,
};

export interface Chosen extends BankSchedule {
  /** Undefined when the levels were given. */
  readonly result: SearchResult | undefined;
}

/** The folder that holds the bank. @throws UsageError unless the flags name one schedule and where its bank is */
export function bankFolder(flags: ParsedFlags): string {
  const named = ["from", "run", "levels"].filter((name) => flags.has(name));
  if (named.length !== 1) throw new UsageError("give one of --from, --run and --levels");
  const folder = flags.optional("bank") ?? flags.optional("from");
  if (folder === undefined) throw new UsageError(`--${named[0]} needs --bank`);
  return folder;
}

/**
 * @param storage of `bankFolder`
 * @param model that it must be for
 * @throws missing-data, corrupt-data, invalid-input
 */
export async function chooseSchedule(flags: ParsedFlags, storage: Storage, model: ModelCard): Promise<Chosen> {
  if (flags.has("levels")) return { ...(await readSchedule(flags, storage, model)), result: undefined };
  const result = flags.has("from") ? await readResult(flags.text("from")) : await findRun(flags, storage);
  const { run, space, best } = result;
  if (result.model.id !== model.id)
    throw new StudioError(
      "invalid-input",
      `run ${run}: was searched on the model ${result.model.name}, not on this one`,
    );
  const bank = await Bank.open(storage, space.bank);
  if (!bank)
    throw new StudioError(
      "missing-data",
      `run ${run}: its bank is not in ${bankFolder(flags)}; name its folder by --bank`,
    );
  return { bank, division: space.division, levels: best.levels, result };
}

/** The result of a finished search. @throws missing-data, corrupt-data */
export async function readResult(folder: string): Promise<SearchResult> {
  const path = join(folder, RESULT);
  const text = new TextDecoder().decode(await readModelFile(path));
  try {
    const { run, space, best, ...rest } = JSON.parse(text) as SearchResult;
    if (run && space.bank && best.levels) return { run, space, best, ...rest };
  } catch {}
  throw new StudioError("corrupt-data", `${path}: is not what \`search\` writes; run it again`);
}

async function findRun(flags: ParsedFlags, storage: Storage): Promise<SearchResult> {
  const runs = new RunStore(storage);
  const id = flags.text("run");
  const result = await runs.result(id);
  if (result) return result;
  const finished = (await runs.cards()).filter((card) => card.finished).map(({ run }) => run);
  throw new StudioError(
    "missing-data",
    `${bankFolder(flags)}: has no finished run ${id}; it has ${finished.join(", ") || "none"}`,
  );
}
