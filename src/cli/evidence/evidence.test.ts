// The documents show the model that is shipped, and the numbers that were measured on it.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { loadModel } from "../../engine/load.ts";
import { readModelFile } from "../environment.ts";
import { documents } from "./documents.ts";
import { withResults } from "./readme.ts";
import { readReports } from "./reports.ts";

const ROOT = join(import.meta.dirname, "../../..");

test("results were measured on the shipped weights; if not, run `npm run evidence`", async () => {
  const base = `${join(ROOT, "public/models/tiny-worlds")}/`;
  const { card } = await loadModel({ kind: "bundle", base }, readModelFile, () => {});
  const { page, ...reports } = await readReports(ROOT);
  for (const [name, report] of Object.entries(reports)) if ("model" in report) expect(report.model, name).toBe(card.id);
  for (const { model } of page.result.visits) expect(model).toBe(card.id);
});

test("the documents say what the results say; if not, run `npm run evidence -- --only none`", async () => {
  for (const [path, text] of await documents(ROOT)) expect(await readFile(join(ROOT, path), "utf8"), path).toBe(text);
});

test("a README without the marks is refused", () => {
  expect(() => withResults("# Studio", "")).toThrow(/marks/);
});
