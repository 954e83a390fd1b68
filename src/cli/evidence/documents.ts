// The documents that show what was measured, as they follow from docs/results.

import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { benchmarksPage } from "./benchmarks.ts";
import { costPicture } from "./cost-picture.ts";
import { readPaperTables } from "./paper.ts";
import { resultsSection, withResults } from "./readme.ts";
import { readReports } from "./reports.ts";
import { resultsPage, resultsPictures } from "./results.ts";

/** By their path from the root. */
export async function documents(root = "."): Promise<ReadonlyMap<string, string>> {
  const reports = await readReports(root);
  const readme = await readFile(join(root, "README.md"), "utf8");
  const searchCost = reports["search-cost"];
  return new Map([
    ["README.md", withResults(readme, resultsSection(reports))],
    [join("docs", "benchmarks.md"), benchmarksPage(reports)],
    [join("docs", "results.md"), resultsPage(reports, await readPaperTables(root))],
    ...resultsPictures(reports),
    ...(searchCost ? [[join("docs", "search-cost.svg"), costPicture(searchCost.result.rows)] as const] : []),
  ]);
}

export async function writeDocuments(): Promise<void> {
  for (const [path, text] of await documents()) await writeFile(path, text);
}
