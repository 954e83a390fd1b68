// The documents show the model that is shipped, and the numbers that were measured on it.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { loadModel } from "../../engine/load.ts";
import { readModelFile } from "../environment.ts";
import { benchmarksPage, type Reports } from "./benchmarks.ts";
import { type PageReport, resultsSection, type TableReport, withResults } from "./readme.ts";

const ROOT = join(import.meta.dirname, "../../..");
const text = (path: string) => readFileSync(join(ROOT, path), "utf8");
const table = JSON.parse(text("docs/results/table.json")) as TableReport;
const page = JSON.parse(text("docs/results/page.json")) as PageReport;

test("results were measured on the shipped weights; if not, run `npm run evidence`", async () => {
  const base = `${join(ROOT, "public/models/tiny-worlds")}/`;
  const { card } = await loadModel({ kind: "bundle", base }, readModelFile, () => {});
  expect(table.model).toBe(card.id);
  for (const { model } of page.result.visits) expect(model).toBe(card.id);
});

test("the README says what the results say", () => {
  const readme = text("README.md");
  expect(withResults(readme, resultsSection(table, page))).toBe(readme);
});

test("docs/benchmarks.md says what the results say", () => {
  const report = (name: string) => JSON.parse(text(`docs/results/${name}.json`));
  const reports: Reports = { routing: report("routing"), memory: report("memory"), bankSize: report("bank-size") };
  expect(benchmarksPage(reports)).toBe(text("docs/benchmarks.md"));
});

test("a README without the marks is refused", () => {
  expect(() => withResults("# Studio", "")).toThrow(/marks/);
});
