// import: the schedule in the files of the authors' code, checked against a model.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { StudioError } from "../../core/errors.ts";
import { loadModel } from "../../engine/load.ts";
import { FILES } from "../../formats/exchange/files.ts";
import { readFolder } from "../../formats/exchange/read.ts";
import { toScheduleFile } from "../../formats/schedule-file.ts";
import { pruners } from "../../pruners/index.ts";
import { readModelFile } from "../environment.ts";
import { sizesOf } from "../export/run-files.ts";
import { choiceFlag, integerIn } from "../flags.ts";
import { type Command, modelFileFlags, modelSource } from "./command.ts";

export const importSchedule: Command = {
  help: "read a schedule from the files of the authors' code and check it against a model",
  flags: {
    ...modelFileFlags,
    from: { value: "DIR", required: true, help: "the authors' `search` folder, or what `export` wrote" },
    stages: { value: "S", help: "equal stages that there must be [any number]", check: integerIn(1) },
    pruner: choiceFlag(pruners.ids, { help: "method that it must be [the one in meta.json]" }),
  },
  async run(flags) {
    const from = flags.text("from");
    const { card } = await loadModel(await modelSource(flags), readModelFile, () => {});
    const { method, ...schedule } = readFolder(from, await readTexts(from), {
      sizes: sizesOf(card.spec),
      timesteps: card.timesteps,
      model: card.id,
      kindOf: (id) => (pruners.ids.includes(id) ? pruners.get(id).kind : undefined),
      stages: flags.has("stages") ? flags.integer("stages") : undefined,
      method: flags.optional("pruner"),
    });
    return toScheduleFile({ pruner: method, ...schedule });
  },
};

/** The authors' files that the folder has. @throws missing-data when it has none */
async function readTexts(folder: string): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>();
  for (const name of FILES) {
    const text = await readFile(join(folder, name), "utf8").catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "ENOENT") throw error;
    });
    if (text !== undefined) texts.set(name, text);
  }
  if (texts.size === 0) throw new StudioError("missing-data", `${folder}: has none of ${FILES.join(", ")}`);
  return texts;
}
