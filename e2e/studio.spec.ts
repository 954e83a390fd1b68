// The whole path as a person sees it: the demo loads by itself, one button starts a search, heatmap and grid change,
// a verdict appears, and everything is there again after a reload.

import { expect, test } from "@playwright/test";
import { failOnErrors, loadFile, look, nano, openReady, picturesOf, SMALL, search } from "./studio.ts";

test.describe("on WASM with the demo model", { tag: "@wasm" }, () => {
  test("calibrate, search, compare, reload", async ({ page }, info) => {
    test.slow();
    const errors = failOnErrors(page);
    await openReady(page, `/#${SMALL}`);
    await expect(page.getByTestId("device")).toContainText("WASM");
    await expect(page.getByTestId("estimate")).toContainText("about");
    await expect(page.getByTestId("budget")).toContainText("budget 12");
    await look(page, info, "first");

    await search(page);
    const heatmap = page.getByRole("grid", { name: "Levels by generation and stage" });
    await expect(heatmap).toBeVisible({ timeout: 120_000 });
    await look(page, info, "searching");
    await expect(page.getByTestId("result")).toBeVisible({ timeout: 120_000 });
    await expect(heatmap).toHaveAttribute("aria-rowcount", "3");
    const rows = ["dense", "uniform", "mosaic", "searched"] as const;
    const pictures = [];
    for (const row of rows) pictures.push(await picturesOf(page, row));
    expect(new Set(pictures).size).toBe(4);
    await expect(page.getByTestId("row-mosaic")).toContainText("reconstructed");
    await expect(page.getByTestId("row-searched")).toContainText("held-out");
    await expect(page.getByTestId("strip-searched")).toBeVisible();
    // Nothing hidden stretches the page.
    expect(await page.evaluate(below)).toBeLessThan(200);
    await look(page, info, "finished");

    const verdict = await page.getByTestId("result").textContent();
    await page.reload();
    await expect(page.getByTestId("result")).toBeVisible();
    expect(await page.getByTestId("result").textContent()).toBe(verdict);
    await expect(heatmap).toHaveAttribute("aria-rowcount", "3");
    expect(await picturesOf(page, "searched")).toBe(pictures[3]);
    await look(page, info, "reloaded");
    expect(errors).toEqual([]);
  });

  test("the result leaves in the reference numbering", async ({ page }) => {
    await openReady(page, `/#${SMALL}&pruner=layerdrop`);
    await search(page);
    await expect(page.getByTestId("result")).toBeVisible({ timeout: 120_000 });
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "levels_per_stage.json", exact: true }).click(),
    ]);
    const file = JSON.parse(await (await download.createReadStream()).setEncoding("utf8").reduce(join, ""));
    const levels = await page.getByTestId("strip-searched").locator("li b").allTextContents();
    expect([file["1"], file["0"]].map(String)).toEqual(levels);
  });

  test("keys move through the heatmap, help opens, a picture is compared in large", async ({ page }) => {
    await openReady(page, `/#${SMALL}&pruner=layerdrop`);
    await page.keyboard.press("?");
    await expect(page.getByRole("dialog", { name: "How this works" })).toBeVisible();
    await page.keyboard.press("Escape");
    await search(page);
    await expect(page.getByTestId("result")).toBeVisible({ timeout: 120_000 });
    await page.getByRole("grid", { name: "Levels by generation and stage" }).focus();
    await page.keyboard.press("PageUp");
    await page.keyboard.press("End");
    await expect(
      page.getByRole("grid", { name: "Levels by generation and stage" }).getByRole("gridcell"),
    ).toContainText(/Generation 1, best, stage 2 of 2, t 499–0, steps 4–6, level/);
    await page.getByTestId("row-dense").getByRole("button", { name: "Compare flower" }).click();
    const searched = page.getByTestId("side-searched");
    await expect(searched.getByRole("img", { name: "Searched, flower, large" })).toBeVisible({ timeout: 60_000 });
    await page.keyboard.press("ArrowRight");
    await expect(searched.getByRole("img", { name: "Searched, butterfly, large" })).toBeVisible();
  });
});

test.describe("on WebGPU with the nano model", { tag: "@webgpu" }, () => {
  test("load a file, search in latent space, reload", async ({ page }, info) => {
    test.slow();
    // The demo model is too much for a GPU emulated on the processor.
    await page.route("**/tiny-worlds/manifest.json", (route) => route.fulfill({ status: 404 }));
    await page.goto(
      "/?backend=webgpu#stages=2&steps=4&probes=1&validation=1&heldOut=2&calibrationItems=2&stagesPerFactor=1&searcher=evolution&searcher.generations=2&searcher.offspring=2&searcher.survivors=1&guidance=1",
    );
    await expect(page.getByTestId("device")).toContainText("WebGPU", { timeout: 60_000 });
    await expect(page.getByRole("alert")).toContainText("manifest.json", { timeout: 60_000 });
    await loadFile(page, nano.file(), nano.heads);
    await expect(page.getByTestId("model")).toHaveText("nano.safetensors", { timeout: 120_000 });
    await expect(page.getByText("latents only")).toBeVisible();
    await search(page);
    await expect(page.getByTestId("result")).toBeVisible({ timeout: 150_000 });
    await look(page, info, "finished");
    await page.reload();
    await expect(page.getByTestId("result")).toBeVisible({ timeout: 60_000 });
  });
});

/** What the page is longer than its last card. */
function below(): number {
  const last = [...document.querySelectorAll(".card")].at(-1)?.getBoundingClientRect().bottom ?? 0;
  return document.documentElement.scrollHeight - window.scrollY - last;
}

function join(text: string, part: unknown): string {
  return text + String(part);
}
