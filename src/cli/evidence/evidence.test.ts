// The documents show the model that is shipped, and the numbers that were measured on it.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { loadModel } from "../../engine/load.ts";
import { readModelFile } from "../environment.ts";
import { benchmarksPage } from "./benchmarks.ts";
import { type ReadmeReports, resultsSection, withResults } from "./readme.ts";

const ROOT = join(import.meta.dirname, "../../..");
const text = (path: string) => readFileSync(join(ROOT, path), "utf8");
const report = (name: string) => JSON.parse(text(`docs/results/${name}.json`));
const reports: ReadmeReports = { table: report("table"), page: report("page"), pruners: report("pruners") };

test("results were measured on the shipped weights; if not, run `npm run evidence`", async () => {
  const base = `${join(ROOT, "public/models/tiny-worlds")}/`;
  const { card } = await loadModel({ kind: "bundle", base }, readModelFile, () => {});
  for (const name of ["table", "pruners", "routing", "routing-node", "memory", "bank-size"])
    expect(report(name).model, name).toBe(card.id);
  for (const { model } of reports.page.result.visits) expect(model).toBe(card.id);
});

test("the README says what the results say", () => {
  const readme = text("README.md");
  expect(withResults(readme, resultsSection(reports))).toBe(readme);
});

test("docs/benchmarks.md says what the results say", () => {
  const [routing, routingNode, memory] = [report("routing"), report("routing-node"), report("memory")];
  const [bankSize, bank, factor] = [report("bank-size"), report("bank"), report("factor")];
  const page = benchmarksPage({ routing, routingNode, memory, bankSize, bank, factor });
  expect(page).toBe(text("docs/benchmarks.md"));
});

test("a README without the marks is refused", () => {
  expect(() => withResults("# Studio", "")).toThrow(/marks/);
});
