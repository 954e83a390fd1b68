// What a reload must not lose: settings, colours, stored runs, and a search that was interrupted.

import { expect, test } from "@playwright/test";
import { goTo, look, openReady, SMALL, search } from "./studio.ts";

test("settings and colours come back, and a link carries the settings", async ({ page, context }) => {
  await page.goto("/");
  await page.getByLabel("Stages", { exact: true }).fill("5");
  await page.getByLabel("Method", { exact: true }).selectOption({ label: "LayerDrop" });
  await page.getByRole("radio", { name: "Standard" }).check({ force: true });
  await page.getByRole("radio", { name: "Dark" }).check({ force: true });
  await expect(page).toHaveURL(/stages=5/);
  const link = page.url();

  await page.goto("/");
  await expect(page.getByLabel("Stages", { exact: true })).toHaveValue("5");
  await expect(page.getByRole("radio", { name: "Standard" })).toBeChecked();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");

  const other = await context.browser()?.newPage();
  await other?.goto(link);
  await expect(other!.getByLabel("Stages", { exact: true })).toHaveValue("5");
  await expect(other!.getByLabel("Method", { exact: true })).toHaveValue("layerdrop");
  await other?.close();
});

test("a stopped search is continued after a reload", async ({ page }, info) => {
  await openReady(page, `/#${SMALL.replace("stages=2", "stages=3")}&pruner=layerdrop&searcher.generations=8`);
  await search(page);
  const heatmap = page.getByRole("grid", { name: "Levels by generation and stage" });
  await expect(async () => {
    expect(Number(await heatmap.getAttribute("aria-rowcount"))).toBeGreaterThan(2);
  }).toPass({ timeout: 120_000 });
  await page.getByRole("button", { name: "Pause" }).click();
  await expect(page.getByRole("status").filter({ hasText: "Paused" })).toBeVisible();
  await page.getByRole("button", { name: "Stop" }).click();
  await page.reload();
  const unfinished = page.getByRole("region", { name: "Unfinished search" });
  await expect(unfinished).toContainText(/\d of 8 generations are stored/);
  await look(page, info, "unfinished");
  await unfinished.getByRole("button", { name: "Continue" }).click();
  await expect(page.getByTestId("result")).toBeVisible({ timeout: 120_000 });
  await expect(heatmap).toHaveAttribute("aria-rowcount", "8");
});

test("stored runs are listed, opened with their settings, and removed", async ({ page }) => {
  await openReady(page, `/#${SMALL}&pruner=layerdrop&seed=7`);
  await search(page);
  await expect(page.getByTestId("result")).toBeVisible({ timeout: 120_000 });
  await page.goto("/#stages=4");
  await page.reload();
  await goTo(page, "Runs");
  const runs = page.getByRole("region", { name: "Stored runs" });
  await runs
    .getByRole("button", { name: /LayerDrop, 50.%, 2 stages/ })
    .first()
    .click();
  await expect(page.getByTestId("result")).toContainText("Seed7");
  await expect(page.getByLabel("Stages", { exact: true })).toHaveValue("2");
  await page.goBack();
  await expect(page.getByTestId("result")).toHaveCount(0);
  await runs.getByRole("button", { name: /^Remove/ }).click();
  await expect(runs.getByRole("listitem")).toHaveCount(0);
  await goTo(page, "Search");
  await expect(page.getByTestId("result")).toHaveCount(0);
});
