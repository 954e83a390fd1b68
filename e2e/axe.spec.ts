// What would stand in the way of a screen reader, a keyboard or tired eyes: axe's whole default set of rules in every view
// and dialog, wide and on a phone, light and dark.

import { AxeBuilder } from "@axe-core/playwright";
import { expect, type Page, test } from "@playwright/test";
import { goTo, nano, openReady, SMALL, search } from "./studio.ts";

const PHONE = { width: 400, height: 860 };
const WIDE = { width: 1440, height: 900 };
/** Until a search has ended, or pictures are drawn. */
const LONG = { timeout: 120_000 };

test("axe finds nothing in the way", { tag: "@wasm" }, async ({ page }) => {
  test.slow();
  const found: string[] = [];
  const check = async (state: string) => void found.push(...(await violations(page, state)));

  await openReady(page, "/");
  await expect(page.getByTestId("stored-run")).toBeVisible();
  await check("the stored run of a first visit");
  await page.getByRole("button", { name: /^Take the tour/ }).click();
  await expect(page.getByRole("dialog", { name: "A schedule" })).toBeVisible();
  await check("the tour");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "About Method" }).click();
  await check("a reason");
  await page.keyboard.press("Escape");
  await page.getByTestId("stored-run").getByRole("button", { name: "Close" }).click();
  await page.goto(`/#${SMALL}&pruner=layerdrop`); // the same page, with these settings

  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "How this works" })).toBeVisible();
  await check("the help");
  await page.keyboard.press("Escape");
  await page.getByLabel("Open .safetensors").setInputFiles(nano.file("broken.safetensors", new Uint8Array(20)));
  await expect(page.getByRole("dialog", { name: "Load this model?" })).toBeVisible();
  await check("the questions about a file");
  await page.getByRole("button", { name: "Load model" }).click();
  await expect(page.getByRole("alert")).toContainText("The model was not loaded");
  await page.getByRole("button", { name: /^Device: / }).click();
  await check("before a search, with an error and the device");
  await page.getByRole("button", { name: "Dismiss" }).click();

  await search(page);
  await check("while it searches");
  await expect(page.getByTestId("result")).toBeVisible(LONG);
  await page.getByRole("grid", { name: "Candidates" }).focus();
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("picked").getByRole("button", { name: "Compare flower" })).toHaveCount(2, LONG);
  await check("a result");
  await goTo(page, "Explore");
  await expect(page.getByTestId("sketch-yours")).toHaveAttribute("data-fresh", "10", LONG);
  await check("the editor");
  await goTo(page, "Search");
  await page.getByTestId("row-dense").getByRole("button", { name: "Compare flower" }).click();
  await expect(page.getByRole("img", { name: "Searched, flower, large" })).toBeVisible(LONG);
  await page.getByRole("button", { name: "Begin", exact: true }).click();
  await check("a comparison and a vote");
  await goTo(page, "Runs");
  await page
    .getByRole("button", { name: /^Remove .*LayerDrop/ })
    .first()
    .click();
  await expect(page.getByRole("button", { name: "Undo", exact: true })).toBeVisible();
  await check("the runs, one just removed");
  expect(found).toEqual([]);
});

/** A line for every broken rule and place: which, where, and what to change. */
async function violations(page: Page, state: string): Promise<string[]> {
  const found: string[] = [];
  for (const size of [PHONE, WIDE])
    for (const colorScheme of ["light", "dark"] as const) {
      await page.setViewportSize(size);
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      // Legacy: in this page, which has no frames, without a second page for every look.
      const results = await new AxeBuilder({ page }).setLegacyMode().analyze();
      for (const { id, nodes } of results.violations)
        for (const { target, failureSummary } of nodes)
          found.push(`${state}, ${size.width} px, ${colorScheme}: ${id} at ${target.join(" ")}. ${failureSummary}`);
    }
  return found;
}
