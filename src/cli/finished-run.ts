// A finished search that a command is about: the folder that `search` wrote, or a run of a folder of banks.

import { StudioError } from "../core/errors.ts";
import type { Engine, ModelCard, SearchResult } from "../engine/api.ts";
import { RESULT } from "./commands/command.ts";
import { readResult } from "./export/chosen.ts";
import type { Flags, ParsedFlags } from "./flags.ts";

export const finishedRunFlags: Flags = {
  run: { value: "DIR|ID", help: `a finished search: a folder with ${RESULT}, or, with --bank, a run in it` },
  bank: { value: "DIR", help: "folder of the run and its bank [RUN]" },
};

/** Where its bank is. */
export function runFolder(flags: ParsedFlags): string {
  return flags.optional("bank") ?? flags.text("run");
}

/**
 * @param engine with the storage of `runFolder`
 * @throws missing-data, corrupt-data; invalid-input when it is of another model than the loaded one
 */
export async function finishedRun(flags: ParsedFlags, engine: Engine, card: ModelCard): Promise<SearchResult> {
  const name = flags.text("run");
  const result = flags.has("bank") ? await engine.run(name) : await readResult(name);
  if (!result) throw new StudioError("missing-data", `${flags.text("bank")}: has no finished run ${name}`);
  if (result.model.id === card.id) return result;
  throw new StudioError(
    "invalid-input",
    `run ${result.run}: was searched on the model ${result.model.name}, not on this one; give that by --model`,
  );
}
