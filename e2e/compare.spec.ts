// Schedules beside each other, as a person uses it: a click opens the large pictures, keys turn, zoom and blink; maps, steps,
// figures, the matrix and the vote follow from the same pictures.

import { expect, test } from "@playwright/test";
import { failOnErrors, look, openReady, SMALL, search } from "./studio.ts";

test.describe("on WASM with the demo model", { tag: "@wasm" }, () => {
  test("compare, look closer, go through the steps, take it along, vote", async ({ page }, info) => {
    test.slow();
    const errors = failOnErrors(page);
    await openReady(page, `/#${SMALL}&pruner=layerdrop`);
    await search(page);
    await expect(page.getByTestId("result")).toBeVisible({ timeout: 120_000 });
    await page.getByTestId("row-dense").getByRole("button", { name: "Compare flower" }).click();
    const searched = page.getByTestId("side-searched");
    const large = searched.getByRole("img", { name: "Searched, flower, large" });
    await expect(large).toBeVisible({ timeout: 60_000 });
    await expect(searched.getByRole("row", { name: /SSIM/ })).toContainText(/0\.\d{4}.*0\.\d{4}/, { timeout: 60_000 });
    await look(page, info, "compare");

    const pixels = () => large.evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());
    const own = await pixels();
    await page.keyboard.down("Space");
    await expect.poll(pixels).not.toBe(own);
    await page.keyboard.up("Space");
    await expect.poll(pixels).toBe(own);
    await page.keyboard.press("+");
    await expect(page.getByRole("button", { name: "Show all of it" })).toHaveText("1.5×");

    await page.getByRole("radio", { name: "Swipe", exact: true }).check();
    const wipe = searched.getByRole("slider");
    await wipe.press("PageUp");
    await expect(wipe).toHaveAttribute("aria-valuenow", "60");
    await page.getByRole("radio", { name: "SSIM map" }).check();
    await expect(searched.getByRole("img", { name: "Searched, flower, SSIM map, large" })).toBeVisible();

    await page.getByRole("button", { name: "Go through the steps" }).click();
    await page.getByRole("slider", { name: "Step" }).fill("0");
    await expect(searched).toContainText(/stage 1 of 2 · level \d+ of 12/);
    await expect(searched.locator("canvas")).toBeVisible({ timeout: 60_000 });
    await page.getByRole("button", { name: "Show results" }).click();

    await page.getByRole("radio", { name: "largest disagreement first" }).check();
    for (const card of ["Pictures", "Schedules"])
      for (const format of ["SVG", "PNG"]) {
        const region = page.getByRole("region", { name: card, exact: true });
        const [file] = await Promise.all([
          page.waitForEvent("download"),
          region.getByRole("button", { name: format }).click(),
        ]);
        expect(file.suggestedFilename()).toMatch(new RegExp(`^diff-es-.*\\.${format.toLowerCase()}$`));
      }

    await page.getByLabel("Rows", { exact: true }).selectOption("guidance");
    await page.getByRole("button", { name: "Draw 16 pictures" }).click();
    await expect(page.getByRole("region", { name: "Matrix" }).locator("canvas")).toHaveCount(16, { timeout: 120_000 });
    const cell = (row: number, column: number) =>
      page.getByRole("region", { name: "Matrix" }).locator("tbody tr").nth(row).getByRole("gridcell").nth(column);
    await cell(0, 0).focus();
    for (const key of ["ArrowDown", "ArrowRight", "PageDown", "End"]) await page.keyboard.press(key);
    await expect(cell(3, 3)).toBeFocused();
    await page.keyboard.press("ArrowRight");
    await expect(cell(3, 3)).toBeFocused();
    await expect(page.locator(".matrix td[tabindex='0']")).toHaveCount(1);

    await page.getByRole("button", { name: "Begin" }).click();
    for (const key of ["ArrowLeft", "ArrowRight", "ArrowDown"]) await page.keyboard.press(key);
    await page.getByRole("button", { name: "Reveal" }).click();
    await expect(page.getByText(/of 2 votes.*Wilson/)).toBeVisible();

    await page.getByRole("button", { name: "Remove MosaicDiff" }).click();
    await expect.poll(() => page.url()).toContain("sides=dense,uniform,searched");
    await page.reload();
    const draw = page.getByRole("button", { name: "Draw their pictures" });
    await expect(draw).toBeVisible();
    await expect(page.getByTestId("side-searched")).toBeVisible();
    await expect(page.getByTestId("side-mosaic")).toHaveCount(0);
    await draw.click();
    await expect(page.getByRole("img", { name: /^Searched, .*, large$/ })).toBeVisible({ timeout: 60_000 });
    await page.setViewportSize({ width: 400, height: 900 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(400);
    expect(errors).toEqual([]);
  });
});
