// evidence: measures again whatever the documents show of the shipped model, and writes it down. `npm run evidence`.
// To be run when the weights have changed; a test fails until it was.

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { writeDocuments } from "../evidence/documents.ts";
import { type MeasureId, measures, RESULTS } from "../evidence/reports.ts";
import { writeStoredRun } from "../evidence/stored-run.ts";
import { parseFlags, UsageError } from "../flags.ts";
import { bench } from "./bench.ts";
import type { Command } from "./command.ts";

const ids = Object.keys(measures) as MeasureId[];
/** Not a measure: what a first visit to the page sees. */
const STORED = "stored-run";

export const evidence: Command = {
  help: "measure again what README and docs show: half an hour on two cores",
  flags: {
    only: {
      value: "NAME,…",
      help: `these alone: ${[...ids, STORED].join(", ")} [all that take minutes]; "none" writes the documents again`,
    },
    folder: { value: "DIR", help: "keep banks and evaluations of benches that take hours here, so that they go on" },
  },
  async run(flags, context) {
    const named = flags.optional("only")?.split(",");
    const measured = chosen(named?.filter((name) => name !== STORED));
    for (const id of measured) {
      context.report(`bench ${measures[id].bench}`);
      const folder = isLong(id) && flags.has("folder") ? ["--folder", flags.text("folder")] : [];
      const words = ["--name", measures[id].bench, ...measures[id].flags, ...folder];
      const report = await bench.run(parseFlags(bench.flags, words), context);
      await writeFile(join(RESULTS, `${id}.json`), `${JSON.stringify(report, undefined, 2)}\n`);
    }
    const stored = !named || named.includes(STORED);
    if (stored) await writeStoredRun(context);
    await writeDocuments();
    return { measured, stored };
  },
};

function isLong(id: MeasureId): boolean {
  return "long" in measures[id];
}

function chosen(only: readonly string[] | undefined): readonly MeasureId[] {
  if (only === undefined) return ids.filter((id) => !isLong(id));
  if (only.join() === "none") return [];
  return only.map((name) => {
    const id = ids.find((known) => known === name);
    if (!id) throw new UsageError(`--only: "${name}" is not one of ${ids.join(", ")}`);
    return id;
  });
}
