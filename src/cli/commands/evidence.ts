// evidence: measures again whatever the documents show of the shipped model, and writes it down. `npm run evidence`.
// To be run when the weights have changed; a test fails until it was.

import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  type BankReport,
  type BankSizeReport,
  benchmarksPage,
  type FactorReport,
  type MemoryReport,
} from "../evidence/benchmarks.ts";
import {
  type PageReport,
  type PrunersReport,
  resultsSection,
  type TableReport,
  withResults,
} from "../evidence/readme.ts";
import type { RoutingReport } from "../evidence/routing.ts";
import { parseFlags } from "../flags.ts";
import { bench } from "./bench.ts";
import type { Command, Context } from "./command.ts";

const RESULTS = join("docs", "results");

export const evidence: Command = {
  help: "measure again what README and docs show: half an hour on two cores",
  flags: {},
  async run(_flags, context) {
    const table = (await measured("table", ["--threads", "1"], context)) as TableReport;
    const page = (await measured("page", ["--picture", join("docs", "studio.png")], context)) as PageReport;
    const pruners = (await measured("pruners", ["--threads", "1"], context)) as PrunersReport;
    const wasm = ["--backend", "wasm"];
    const routing = (await measured("routing", [...wasm, "--threads", "1"], context)) as RoutingReport;
    const cpu = ["--backend", "cpu", "--threads", "1"];
    const routingNode = (await measured("routing", cpu, context, "routing-node")) as RoutingReport;
    const memory = (await measured("memory", wasm, context)) as MemoryReport;
    const bankSize = (await measured("bank-size", wasm, context)) as BankSizeReport;
    const factor = (await measured("factor", [], context)) as FactorReport;
    const bank = (await measured("bank", [], context)) as BankReport;
    const reports = { routing, routingNode, memory, bankSize, bank, factor };
    await writeFile(join("docs", "benchmarks.md"), benchmarksPage(reports));
    const readme = withResults(await readFile("README.md", "utf8"), resultsSection({ table, page, pruners }));
    await writeFile("README.md", readme);
    return { model: table.model, wins: page.result.wins };
  },
};

/** Runs one bench and keeps what it printed. */
async function measured(name: string, more: readonly string[], context: Context, file = name): Promise<unknown> {
  context.report(`bench ${name}`);
  const report = await bench.run(parseFlags(bench.flags, ["--name", name, ...more]), context);
  await writeFile(join(RESULTS, `${file}.json`), `${JSON.stringify(report, undefined, 2)}\n`);
  return report;
}
