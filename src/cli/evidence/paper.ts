// What the paper itself reports, to stand beside what was measured here. Other models, other features, other machines:
// orders may be compared, numbers may not.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { table } from "./markdown.ts";

export interface PaperTables {
  /** Where they are cited from. */
  readonly source: string;
  readonly tables: Readonly<Record<string, PaperTable>>;
}

interface PaperTable {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export async function readPaperTables(root = "."): Promise<PaperTables> {
  return JSON.parse(await readFile(join(root, "docs", "paper-tables.json"), "utf8")) as PaperTables;
}

/** Empty when the paper has none of that kind. */
export function paperPart({ source, tables }: PaperTables, id: string): string[] {
  const cited = tables[id];
  return cited ? [`The paper's own (${source}, ${cited.title}):`, table(cited.head, cited.rows)] : [];
}
