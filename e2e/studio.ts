// What the specs share: opening the page ready to search, settings small enough for a slow machine, and a file model
// that a software GPU can run.

import { createHash } from "node:crypto";
import { expect, type Page, type TestInfo } from "@playwright/test";
import { TINY_HEADS, tinyDitFile } from "../src/testing/tiny-dit.ts";

/** A search of seconds that still has every phase: calibration, factors, baselines, generations, held-out pictures. */
export const SMALL = new URLSearchParams({
  stages: "2",
  steps: "6",
  probes: "2",
  validation: "2",
  heldOut: "2",
  calibrationItems: "4",
  stagesPerFactor: "1",
  searcher: "evolution",
  "searcher.generations": "3",
  "searcher.offspring": "3",
  "searcher.survivors": "2",
}).toString();

/** A schedule by hand of three stages. */
export const EXPLORE = `view=explore&${SMALL}&pruner=layerdrop`.replace("stages=2", "stages=3");

export const nano = {
  heads: TINY_HEADS,
  file: (name = "nano.safetensors", bytes: Uint8Array = tinyDitFile()) => ({
    name,
    mimeType: "application/octet-stream",
    buffer: Buffer.from(bytes),
  }),
};

export function failOnErrors(page: Page): string[] {
  const errors: string[] = [];
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  page.on("pageerror", (error) => errors.push(String(error)));
  return errors;
}

/** The demo is loaded and its dense pictures are drawn. */
export async function openReady(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await expect(page.getByTestId("model")).toHaveText("Tiny Worlds");
  await expect(page.getByTestId("row-dense").locator("canvas")).toHaveCount(10, { timeout: 120_000 });
}

/** The schedule by hand is drawn, with pictures of its own. */
export async function openPrepared(page: Page, address = "/"): Promise<void> {
  await page.goto(`${address}#${EXPLORE}`);
  await page.getByRole("button", { name: /^Prepare, / }).click({ timeout: 120_000 });
  await expectSketched(page);
}

export async function expectSketched(page: Page): Promise<void> {
  const yours = page.getByTestId("sketch-yours");
  await expect(yours).toHaveAttribute("data-fresh", "10", { timeout: 120_000 });
  await expect(yours).toHaveAttribute("aria-busy", "false", { timeout: 120_000 });
}

/** Picks a file as a person would and answers the form. */
export async function loadFile(page: Page, file: ReturnType<typeof nano.file>, heads?: number): Promise<void> {
  await page.getByLabel("Open .safetensors").setInputFiles(file);
  const dialog = page.getByRole("dialog", { name: "Load this model?" });
  if (heads !== undefined) await dialog.getByLabel("Attention heads", { exact: true }).fill(String(heads));
  await dialog.getByRole("button", { name: "Load model" }).click();
}

export async function search(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Search", exact: true }).click();
  await expect(page.getByRole("region", { name: "Progress" })).toBeVisible();
}

export async function goTo(page: Page, view: "Explore" | "Search" | "Runs"): Promise<void> {
  await page.getByRole("tab", { name: view }).click();
  await expect(page.getByRole("tabpanel", { name: view })).toBeVisible();
}

/** Hash of the pictures in a row once they are all drawn: differs when a pixel does. */
export async function picturesOf(page: Page, name: "dense" | "uniform" | "mosaic" | "searched"): Promise<string> {
  const row = page.getByTestId(`row-${name}`);
  await expect(row.locator("canvas")).toHaveCount(10, { timeout: 120_000 });
  await expect(row).toHaveAttribute("aria-busy", "false", { timeout: 120_000 });
  const pictures = await row
    .locator("canvas")
    .evaluateAll((canvases) => canvases.map((canvas) => (canvas as HTMLCanvasElement).toDataURL()));
  return createHash("sha256").update(pictures.join()).digest("hex");
}

/** A picture of the state, in light and dark, kept with the test's results. */
export async function look(page: Page, info: TestInfo, name: string): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    await page.screenshot({ path: info.outputPath(`${name}-${colorScheme}.png`), animations: "disabled" });
  }
}
