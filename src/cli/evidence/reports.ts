// What the documents are written from: one bench per file of docs/results, in the order of measuring.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type TableId, tables } from "../bench/tables/index.ts";
import type { BankReport, BankSizeReport, FactorReport, MemoryReport } from "./benchmarks.ts";
import type { LighthouseReport } from "./lighthouse.ts";
import type { PageMemoryReport } from "./page-memory.ts";
import type { RacingReport } from "./racing.ts";
import type { PageReport, PrunersReport, TableReport } from "./readme.ts";
import type { TableReports } from "./results.ts";
import type { RoutingReport } from "./routing.ts";
import type { SearchCostReport } from "./search.ts";
import type { FullDiskReport, KillsReport } from "./survival.ts";

export const RESULTS = join("docs", "results");

interface Measure {
  readonly bench: string;
  readonly flags: readonly string[];
  /** Takes hours: measured when it is asked for by name, and shown once it was. */
  readonly long?: true;
}

const ONE_THREAD = ["--threads", "1"] as const;
const WASM = ["--backend", "wasm"] as const;

/** By the name of the file. */
export const measures = {
  table: { bench: "table", flags: ONE_THREAD },
  page: { bench: "page", flags: ["--picture", join("docs", "studio.png")] },
  pruners: { bench: "pruners", flags: ONE_THREAD },
  routing: { bench: "routing", flags: [...WASM, ...ONE_THREAD] },
  "routing-node": { bench: "routing", flags: ["--backend", "cpu", ...ONE_THREAD] },
  memory: { bench: "memory", flags: WASM },
  "bank-size": { bench: "bank-size", flags: WASM },
  factor: { bench: "factor", flags: [] },
  bank: { bench: "bank", flags: [] },
  lighthouse: { bench: "lighthouse", flags: ["--rounds", "5"] },
  "search-cost": { bench: "search-cost", flags: ["--scale", "demo", ...ONE_THREAD], long: true },
  racing: { bench: "racing", flags: ["--seeds", "2", ...ONE_THREAD], long: true },
  kills: { bench: "kills", flags: [...WASM, ...ONE_THREAD], long: true },
  "page-kills": { bench: "page-kills", flags: [], long: true },
  "full-disk": { bench: "full-disk", flags: [], long: true },
  "page-memory": { bench: "page-memory", flags: [], long: true },
  ...tableMeasures(),
} as const satisfies Readonly<Record<string, Measure>>;
export type MeasureId = keyof typeof measures;

/** Each with a sheet of samples beside its JSON. */
function tableMeasures(): Readonly<Record<TableId, Measure & { readonly long: true }>> {
  const measure = (id: string) => ({
    bench: id,
    flags: ["--scale", "demo", "--picture", join(RESULTS, `${id}.png`), ...ONE_THREAD],
    long: true as const,
  });
  const entries = Object.keys(tables).map((id) => [id, measure(id)]);
  return Object.fromEntries(entries);
}

export interface Reports extends TableReports {
  readonly table: TableReport;
  readonly page: PageReport;
  readonly pruners: PrunersReport;
  readonly routing: RoutingReport;
  /** Of onnxruntime-node. */
  readonly "routing-node": RoutingReport;
  readonly memory: MemoryReport;
  readonly "bank-size": BankSizeReport;
  readonly factor: FactorReport;
  readonly bank: BankReport;
  readonly lighthouse: LighthouseReport;
  readonly "search-cost"?: SearchCostReport;
  readonly racing?: RacingReport;
  readonly kills?: KillsReport;
  readonly "page-kills"?: KillsReport;
  readonly "full-disk"?: FullDiskReport;
  readonly "page-memory"?: PageMemoryReport;
}

/** @throws an Error naming the file, when one that does not take hours is missing */
export async function readReports(root = "."): Promise<Reports> {
  const entries: [string, unknown][] = [];
  for (const [name, measure] of Object.entries(measures)) {
    const path = join(root, RESULTS, `${name}.json`);
    try {
      entries.push([name, JSON.parse(await readFile(path, "utf8"))]);
    } catch (error) {
      const absent = (error as NodeJS.ErrnoException).code === "ENOENT";
      if (!("long" in measure && absent)) throw error;
    }
  }
  return Object.fromEntries(entries) as unknown as Reports;
}
