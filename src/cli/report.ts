// What a command says that has a table to tell: JSON, or the table to be read, and the table as a file for programs.

import { writeFile } from "node:fs/promises";
import { csv, type Sheet } from "../formats/csv.ts";
import type { Flags, ParsedFlags } from "./flags.ts";

export const reportFlags: Flags = {
  markdown: { help: "print a table to be read instead of JSON" },
  csv: { value: "FILE", help: "gets the table as comma-separated values" },
};

export interface Report {
  readonly json: unknown;
  readonly markdown: string;
  readonly csv: Sheet;
}

/** Writes --csv, and returns what is to be printed. */
export async function told(flags: ParsedFlags, { json, markdown, csv: sheet }: Report): Promise<unknown> {
  if (flags.has("csv")) await writeFile(flags.text("csv"), csv(sheet));
  return flags.on("markdown") ? markdown : json;
}
