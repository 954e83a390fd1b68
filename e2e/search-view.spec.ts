// The search view beyond the search itself: generations scrubbed, every candidate, the winner's ancestors, ways on from a
// run, what stages can bear, and several budgets at once.

import { expect, type Page, test } from "@playwright/test";
import { failOnErrors, look, openReady, SMALL, search } from "./studio.ts";

const region = (page: Page, name: string) => page.getByRole("region", { name, exact: true });
/** Until a search, a table or a sweep has ended. */
const LONG = { timeout: 120_000 };

async function searched(page: Page): Promise<void> {
  await openReady(page, `/#${SMALL}&pruner=layerdrop`);
  await search(page);
  await expect(page.getByTestId("result")).toBeVisible(LONG);
}

test.describe("on WASM with the demo model", { tag: "@wasm" }, () => {
  test("generations, candidates and ancestors of a search", async ({ page }, info) => {
    test.slow();
    const errors = failOnErrors(page);
    await searched(page);
    const evolution = region(page, "Evolution");
    await evolution.getByRole("radio", { name: "Generation" }).check({ force: true });
    await expect(evolution.getByText("3 of 3")).toBeVisible();
    await evolution.getByRole("slider", { name: "Generation" }).press("Home");
    await expect(evolution.getByText("1 of 3")).toBeVisible();
    await expect(evolution.getByText(/^The fittest: Generation 1, best/)).toBeAttached();

    const candidates = region(page, "Candidates");
    const table = candidates.getByRole("grid", { name: "Candidates" });
    const rows = Number(await table.getAttribute("aria-rowcount")) - 1;
    expect(rows).toBeGreaterThan(4);
    await candidates.getByLabel("Origin", { exact: true }).selectOption("Uniform");
    await expect(table).toHaveAttribute("aria-rowcount", "2");
    await candidates.getByLabel("Origin", { exact: true }).selectOption("Any");
    await candidates.getByLabel("Levels", { exact: true }).fill("ten");
    await expect(candidates.getByRole("alert")).toContainText("Numbers and _ only");
    await candidates.getByLabel("Levels", { exact: true }).fill("");
    await table.focus();
    await page.keyboard.press("End");
    await page.keyboard.press("Enter");
    const picked = page.getByTestId("picked");
    await expect(picked).toContainText(`Number ${rows}, born in generation`);
    await expect(picked.getByRole("button", { name: "Compare flower" })).toHaveCount(2, { timeout: 60_000 });
    await look(page, info, "candidates");

    await region(page, "Genealogy").getByRole("radio", { name: "Table" }).check({ force: true });
    const founder = region(page, "Genealogy").getByRole("row").nth(1);
    await expect(founder).toContainText(/^1/);
    expect(errors).toEqual([]);
  });

  test("a run goes on, is forked, and takes a schedule made by hand", async ({ page }) => {
    test.slow();
    await searched(page);
    const ways = region(page, "Go on from here");
    await ways.getByLabel("Generations in all", { exact: true }).fill("4");
    await ways.getByRole("button", { name: "Go on to 4" }).click();
    const heatmap = page.getByRole("grid", { name: "Levels by generation and stage" });
    await expect(heatmap).toHaveAttribute("aria-rowcount", "4", LONG);
    await expect(page.getByTestId("result")).toBeVisible(LONG);
    await expect(ways.getByTestId("reuse")).toContainText("Scores found");

    await ways.getByLabel("Levels", { exact: true }).fill("12, 12");
    await ways.getByRole("button", { name: "Add" }).click();
    await expect(page.getByRole("alert")).toContainText("the budget is 12");
    await ways.getByLabel("Levels", { exact: true }).fill("12, 0");
    await ways.getByRole("button", { name: "Add" }).click();
    await expect(ways.getByRole("status")).toContainText("It joins the next generation");
    await expect(page.getByRole("alert")).toHaveCount(0);

    await ways.getByLabel("After generation", { exact: true }).fill("2");
    await ways.getByLabel("Seed", { exact: true }).fill("99");
    await ways.getByRole("button", { name: "Fork after 2" }).click();
    await expect(ways.getByText("Forked after generation 2, with seed 99")).toBeVisible(LONG);
    await expect(page.getByTestId("result")).toBeVisible(LONG);
  });

  test("what each stage can bear, and the front of several budgets", async ({ page }, info) => {
    test.slow();
    const errors = failOnErrors(page);
    await openReady(page, `/#${SMALL}&pruner=layerdrop`);
    const sensitivity = region(page, "Sensitivity");
    await sensitivity.getByRole("button", { name: "Measure", exact: true }).click();
    await expect(sensitivity.getByRole("button", { name: "Measured", exact: true })).toBeVisible(LONG);
    await sensitivity.getByRole("grid", { name: "Loss by level and stage" }).focus();
    await page.keyboard.press("PageUp");
    await expect(sensitivity.getByRole("gridcell")).toContainText(
      /stage 1 of 2, t 999–500, steps 1–3, level 12 alone, loss .*, measured/,
    );
    await expect(region(page, "Predicted schedules").getByRole("row")).toHaveCount(6);

    const front = region(page, "Front");
    await front.getByLabel("Target sparsities", { exact: true }).fill("25, 50");
    await front.getByRole("button", { name: "Sweep" }).click();
    await expect(front.getByRole("progressbar")).toBeVisible();
    await expect(page.getByRole("button", { name: "Search", exact: true })).toBeDisabled();
    const [download] = await Promise.all([
      page.waitForEvent("download", LONG),
      front.getByRole("button", { name: "CSV" }).click(LONG),
    ]);
    expect(download.suggestedFilename()).toBe("front.csv");
    await look(page, info, "front");
    await front.getByRole("button", { name: "25 %" }).click();
    await expect(page.getByTestId("result")).toContainText("25 %");
    await page.setViewportSize({ width: 400, height: 860 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(400);
    await look(page, info, "phone");
    expect(errors).toEqual([]);
  });
});
