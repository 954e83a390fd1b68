// The documents show the model that is shipped, and the numbers that were measured on it.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { SearchResult } from "../../engine/api.ts";
import { loadModel } from "../../engine/load.ts";
import { readRunFile } from "../../formats/run-file.ts";
import { readModelFile } from "../environment.ts";
import { decodePicture } from "../pictures/decode.ts";
import { documents } from "./documents.ts";
import { withResults } from "./readme.ts";
import { readReports } from "./reports.ts";
import { STORED_RUN } from "./stored-run.ts";

const ROOT = join(import.meta.dirname, "../../..");

test("results were measured on the shipped weights; if not, run `npm run evidence`", async () => {
  const base = `${join(ROOT, "public/models/tiny-worlds")}/`;
  const { card } = await loadModel({ kind: "bundle", base }, readModelFile, () => {});
  const { page, ...reports } = await readReports(ROOT);
  for (const [name, report] of Object.entries(reports))
    if (report && "model" in report) expect(report.model, name).toBe(card.id);
  for (const { model } of page.result.visits) expect(model).toBe(card.id);
});

test("the stored run is of the shipped weights, whole and small; if not, `npm run evidence -- --only stored-run`", async () => {
  const base = `${join(ROOT, "public/models/tiny-worlds")}/`;
  const { card } = await loadModel({ kind: "bundle", base }, readModelFile, () => {});
  const [run, pictures] = await Promise.all(
    ["run.json", "pictures.png"].map((name) => readFile(join(ROOT, STORED_RUN, name))),
  );
  const problems: string[] = [];
  const result = readRunFile(String(run), (problem) => problems.push(problem)) as SearchResult;
  expect(problems).toEqual([]);
  expect(result.model.id).toBe(card.id);
  const { width, height } = decodePicture("pictures.png", pictures as Uint8Array);
  expect([width, height]).toEqual([card.classes.length * card.imageSize, result.comparisons.length * card.imageSize]);
  expect((run as Buffer).length + (pictures as Buffer).length).toBeLessThan(500_000);
});

test("the documents say what the results say; if not, run `npm run evidence -- --only none`", async () => {
  for (const [path, text] of await documents(ROOT)) expect(await readFile(join(ROOT, path), "utf8"), path).toBe(text);
});

test("a README without the marks is refused", () => {
  expect(() => withResults("# Studio", "")).toThrow(/marks/);
});
