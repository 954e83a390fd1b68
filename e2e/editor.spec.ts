// A schedule by hand, as a person makes one: columns by pointer and by keys under a budget that stays, pictures that follow,
// undo, locks, presets, a pasted file, and a link that brings it all back.

import { expect, type Page, test } from "@playwright/test";
import { EXPLORE, expectSketched, failOnErrors, goTo, look, openPrepared, search } from "./studio.ts";

const column = (page: Page, stage: number) => page.getByRole("slider", { name: `stage ${stage} of 3` });
const yours = (page: Page) => page.getByTestId("sketch-yours");

async function expectLevels(page: Page, levels: readonly number[]): Promise<void> {
  for (const [index, level] of levels.entries())
    await expect(column(page, index + 1)).toHaveAttribute("aria-valuenow", String(level));
}

test.describe("the schedule editor", { tag: "@wasm" }, () => {
  test("keeps the budget, draws what changed, and takes it back", async ({ page }, info) => {
    test.slow();
    const errors = failOnErrors(page);
    await openPrepared(page);
    await expectLevels(page, [6, 6, 6]);
    await expect(page.getByTestId("spent")).toHaveText("18 of 18");
    const before = await yours(page).locator("canvas").first().evaluate(pixelsOf);

    await column(page, 1).press("ArrowUp");
    await column(page, 1).press("ArrowUp");
    await expectLevels(page, [8, 5, 5]);
    await expectSketched(page);
    expect(await yours(page).locator("canvas").first().evaluate(pixelsOf)).not.toBe(before);
    await expect(yours(page)).toContainText("on these pictures");
    await look(page, info, "edited");

    const box = await page.locator(".column").nth(2).boundingBox();
    if (!box) throw new Error("the third column has no place");
    const x = box.x + box.width / 2;
    await page.mouse.move(x, box.y + box.height / 2);
    await page.mouse.down();
    await page.mouse.move(x, box.y + 2, { steps: 8 });
    await expect(column(page, 3)).toHaveAttribute("aria-valuenow", "12");
    await expect(page.getByTestId("spent")).toHaveText("18 of 18");
    await page.mouse.move(x, box.y + box.height - 2, { steps: 8 });
    await page.mouse.up();
    await expect(column(page, 3)).toHaveAttribute("aria-valuenow", "0");
    await page.keyboard.press("Control+z");
    await expectLevels(page, [8, 5, 5]);
    await page.keyboard.press("Control+Shift+z");
    await expect(column(page, 3)).toHaveAttribute("aria-valuenow", "0");
    await page.getByRole("button", { name: "Undo" }).click();
    await expectLevels(page, [8, 5, 5]);

    await column(page, 2).press("l");
    await column(page, 1).focus();
    await page.keyboard.type("10");
    await expectLevels(page, [10, 5, 3]);
    await expect(page.getByRole("button", { name: "Lock stage 2" })).toHaveAttribute("aria-pressed", "true");
    expect(errors).toEqual([]);
  });

  test("frees the budget, starts from presets and files, and goes into a link", async ({ page }) => {
    await page.goto(`/#${EXPLORE}`);
    await expect(column(page, 1)).toBeVisible({ timeout: 60_000 });
    await page
      .getByLabel("Start from a schedule", { exact: true })
      .selectOption({ label: "Picture first: most at the end" });
    await expect(page.getByTestId("spent")).toHaveText("18 of 18");
    const levels = { name: "levels_per_stage.json", mimeType: "application/json" };
    const buffer = Buffer.from(JSON.stringify({ 0: 1, 1: 2, 2: 12 }));
    await page.getByLabel("Open levels").setInputFiles({ ...levels, buffer });
    await expectLevels(page, [12, 2, 1]);
    await expect(page.getByTestId("spent")).toHaveText("15 of 18 (−3)");
    await expect(page.getByRole("radio", { name: "Free" })).toBeChecked();
    await page.getByRole("radio", { name: "Exact budget" }).check({ force: true });
    await expect(page.getByTestId("spent")).toHaveText("18 of 18");
    await page.getByRole("button", { name: "Undo" }).click();
    await expect(page).toHaveURL(/view=explore&levels=12-2-1&free=true/);

    await goTo(page, "Search");
    await page.goBack();
    await expectLevels(page, [12, 2, 1]);
    await page.keyboard.press("2");
    const tab = page.getByRole("tab", { name: "Search" });
    await expect(tab).toHaveAttribute("aria-selected", "true");
    await page.reload();
    await expect(tab).toHaveAttribute("aria-selected", "true");
    await page.keyboard.press("1");
    await expectLevels(page, [12, 2, 1]);
  });

  test("hands a schedule to a running search, on a phone too", async ({ page }, info) => {
    await page.setViewportSize({ width: 400, height: 860 });
    await page.goto(`/#${EXPLORE}&searcher.generations=40`);
    await expect(column(page, 1)).toBeVisible({ timeout: 60_000 });
    await search(page);
    await column(page, 1).press("ArrowUp");
    await page.getByRole("button", { name: "Try in the search" }).click({ timeout: 120_000 });
    await expect(page.getByText("Your schedule joins the next generation")).toBeVisible();
    await look(page, info, "phone");
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(400);
    await page.getByRole("button", { name: "Stop" }).click();
  });
});

function pixelsOf(canvas: Element): string {
  return (canvas as HTMLCanvasElement).toDataURL();
}
