// What a visit finds before it has done anything, runs that were made elsewhere, and the library of its own.

import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, type Page, type TestInfo, test } from "@playwright/test";
import { PNG } from "pngjs";
import { authorsFiles } from "../src/testing/authors-files.ts";
import { failOnErrors, goTo, look, openReady, SMALL, search } from "./studio.ts";

/** So that "Open run…" is a file dialog, which a test can answer. */
const withoutPicker = (page: Page) => page.addInitScript(() => Reflect.deleteProperty(window, "showDirectoryPicker"));
const elsewhere = (page: Page) => page.getByTestId("elsewhere");

test("a first visit shows a stored run with its pictures, until it is closed", async ({ page }, info) => {
  const errors = failOnErrors(page);
  await page.goto("/");
  const stored = page.getByTestId("stored-run");
  await expect(stored).toContainText("stored run");
  for (const row of ["dense", "uniform", "mosaic", "searched"])
    await expect(page.getByTestId(`row-${row}`).locator("canvas")).toHaveCount(10);
  await expect(page.getByTestId("result")).toBeVisible();
  await look(page, info, "first-visit");
  await stored.getByRole("button", { name: "Close" }).click();
  await expect(stored).toHaveCount(0);
  await page.reload();
  await expect(page.getByTestId("model")).toHaveText("Tiny Worlds");
  await expect(stored).toHaveCount(0);
  expect(errors).toEqual([]);
});

test("a folder of the authors' code opens without a model, and says what disagrees", async ({ page }, info) => {
  await withoutPicker(page);
  const folder = info.outputPath("experiment");
  const files = authorsFiles();
  files["timings.json"].num_stages = 7;
  await mkdir(join(folder, "search"), { recursive: true });
  for (const [name, json] of Object.entries(files)) await writeFile(join(folder, "search", name), JSON.stringify(json));
  for (const [samples, indices] of [
    ["samples", [0, 1, 2]],
    ["dense", [1, 2, 3]],
  ] as const) {
    await mkdir(join(folder, samples));
    for (const index of indices)
      await writeFile(join(folder, samples, `00000${index}.png`), PNG.sync.write(new PNG({ width: 8, height: 8 })));
  }
  await page.goto("/#stages=4");
  await goTo(page, "Runs");
  await page.locator("input[webkitdirectory]").setInputFiles(folder);
  await expect(elsewhere(page)).toContainText("made elsewhere");
  await expect(elsewhere(page)).toContainText("timings.json: num_stages is 7, expected 3");
  await expect(page.getByRole("grid").first()).toHaveAttribute("aria-rowcount", "1");
  await expect(page.getByRole("region", { name: "Genealogy" })).toContainText("0.7500");
  const pictures = page.getByRole("region", { name: "Pictures of the folder" });
  await expect(pictures.getByRole("img", { name: /picture 1$/ })).toHaveCount(2);
  await expect(pictures.getByRole("img", { name: /picture [03]$/ })).toHaveCount(0);
  await look(page, info, "elsewhere");
});

test("a stored run is named, exported, opened from its file, removed and brought back", async ({ page }, info) => {
  await withoutPicker(page);
  await openReady(page, `/#${SMALL}&pruner=layerdrop&seed=11`);
  await search(page);
  await expect(page.getByTestId("result")).toBeVisible({ timeout: 120_000 });
  await goTo(page, "Runs");
  const runs = page.getByRole("region", { name: "Stored runs" });
  await runs.getByRole("button", { name: /^Rename/ }).click();
  await page.getByLabel("Name of the run").fill("Mine");
  await page.keyboard.press("Enter");
  await expect(runs.getByRole("listitem", { name: "Mine" })).toContainText("SSIM");
  await expect(runs.getByRole("listitem", { name: "Mine" }).locator("canvas")).toHaveCount(1);
  await look(page, info, "library");

  const save = async (choice: string) => {
    await runs.getByRole("button", { name: "Export Mine" }).click();
    const [file] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("menuitem", { name: choice }).click(),
    ]);
    const path = info.outputPath(file.suggestedFilename());
    await file.saveAs(path);
    return path;
  };
  expect(String(await readFile(await save("Candidates (CSV)")))).toMatch(
    /^generation,rank,origin,.*stage_0,stage_1\r\n/,
  );
  const sheet = PNG.sync.read(await readFile(await save("Pictures (PNG)")));
  expect(sheet.width).toBeGreaterThan(10 * 128);
  const path = await save("The run (JSON)");
  await expectReport(page, await save("Report (HTML)"), info);

  await runs.getByRole("button", { name: "Remove Mine" }).click();
  await expect(runs.getByRole("listitem")).toHaveCount(0);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(runs.getByRole("listitem")).toHaveCount(1);
  await runs.getByRole("button", { name: "Remove Mine" }).click();
  await page.getByRole("button", { name: "Remove it now" }).click();
  await page.reload();
  await expect(page.getByTestId("model")).toHaveText("Tiny Worlds");
  await expect(runs).toContainText("Every search is kept here");

  const folder = info.outputPath("download");
  await mkdir(folder);
  await writeFile(join(folder, path.split("/").at(-1) as string), await readFile(path));
  await page.locator("input[webkitdirectory]").setInputFiles(folder);
  await expect(elsewhere(page)).toContainText("made elsewhere");
  await expect(page.getByTestId("result")).toContainText("Seed11");
});

/** The saved report, opened as a file: it needs neither the page nor a network. */
async function expectReport(page: Page, path: string, info: TestInfo): Promise<void> {
  const report = await page.context().newPage();
  await report.route(/^https?:/, (route) => route.abort());
  await report.goto(`file://${path}`);
  await expect(report).toHaveTitle("Mine · Diff-ES Studio");
  await expect(report.getByRole("heading", { level: 1 })).toContainText(/earched|difference/);
  await expect(report.getByRole("img", { name: /^Levels by timestep of Uniform, MosaicDiff, Searched/ })).toBeVisible();
  await expect(report.getByRole("img", { name: /^Searched: / })).toHaveCount(10);
  await expect(report.locator("pre")).toContainText("npm run -s cli -- search");
  await expect(report.locator("pre")).toContainText("--seed 11");
  await expect(report.getByRole("link")).toHaveAttribute("href", /#.*seed=11/);
  for (const width of [400, 1440]) {
    await report.setViewportSize({ width, height: 900 });
    expect(await report.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    await look(report, info, `report-${width}`);
  }
  await report.close();
}
