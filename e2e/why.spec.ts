// Every control of every view has its question mark: by its details, which are there and say something, and which open
// by keyboard.

import { expect, type Page, test } from "@playwright/test";
import { goTo, openReady } from "./studio.ts";

/** Controls without details that say something. */
const unexplained = (page: Page) =>
  page.evaluate(() =>
    [...document.querySelectorAll("input:not([type=radio], [type=file]), select, fieldset.segmented, [role=slider]")]
      .filter((control) => {
        const id = control.getAttribute("aria-details");
        return ((id && document.getElementById(id)?.textContent) ?? "").length < 20;
      })
      .map((control) => control.outerHTML.slice(0, 200)),
  );

test("every control says why it is there", { tag: "@wasm" }, async ({ page }, info) => {
  await openReady(page, "/");
  await page.getByText("All settings").click();
  expect(await unexplained(page)).toEqual([]);
  await page.getByRole("button", { name: "About Method" }).press("Enter");
  await expect(page.getByRole("link", { name: "Diff-ES §3.3, Eq. 3-4" })).toBeVisible();
  await page.screenshot({ path: info.outputPath("why.png") });
  await page.keyboard.press("Escape");
  await expect(page.getByRole("link", { name: "Diff-ES §3.3, Eq. 3-4" })).toBeHidden();

  await goTo(page, "Explore");
  await expect(page.getByRole("slider", { name: /^stage 1 of/ })).toBeVisible();
  expect(await unexplained(page)).toEqual([]);
  await page.screenshot({ path: info.outputPath("explore.png") });
  await page.getByRole("tab", { name: "Compare" }).click();
  await page.getByRole("button", { name: "Go through the steps" }).click();
  await page.getByRole("radio", { name: "Difference" }).press("Space");
  await expect(page.getByRole("slider", { name: "Gain" })).toBeVisible();
  expect(await unexplained(page)).toEqual([]);
  await page.screenshot({ path: info.outputPath("compare.png"), fullPage: true });
  await goTo(page, "Runs");
  expect(await unexplained(page)).toEqual([]);
  for (const view of ["Explore", "Search", "Runs"] as const) {
    await page.setViewportSize({ width: 400, height: 860 });
    await goTo(page, view);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(400);
    await page.screenshot({ path: info.outputPath(`phone-${view}.png`), fullPage: true });
  }
});
