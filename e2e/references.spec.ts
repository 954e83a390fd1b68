// Every view as a person last approved of it, with something in it, empty, and after an error: see references.ts.

import { expect, test } from "@playwright/test";
import { PNG } from "pngjs";
import { difference, expectReference, shrunk } from "./references.ts";
import { goTo, nano, openReady, SMALL, search } from "./studio.ts";

/** Until pictures are drawn, or a search has ended. */
const LONG = { timeout: 120_000 };

test("what a first visit shows looks as it did", { tag: "@wasm" }, async ({ page }, info) => {
  test.slow();
  await openReady(page, "/");
  await expect(page.getByTestId("stored-run")).toBeVisible();
  await expect(page.getByTestId("row-dense")).toHaveAttribute("aria-busy", "false", LONG); // its steps take a line
  await expect(page.getByText("measuring…")).toBeHidden(LONG);
  await expectReference(page, info, "search-stored");
  await goTo(page, "Explore");
  await expect(page.getByRole("button", { name: /^Prepare, / })).toBeVisible(LONG);
  await expectReference(page, info, "explore-unprepared");
  await page.getByRole("tab", { name: "Compare" }).click();
  await expect(page.getByText("There is only the dense model")).toBeVisible();
  await expectReference(page, info, "compare-empty");
  await goTo(page, "Runs");
  await expect(page.getByText("Every search is kept here")).toBeVisible();
  await expectReference(page, info, "runs-empty");
  await goTo(page, "Search");
  await page.getByTestId("stored-run").getByRole("button", { name: "Close" }).click();
  await page.getByLabel("Open .safetensors").setInputFiles(nano.file("broken.safetensors", new Uint8Array(20)));
  await page.getByRole("button", { name: "Load model" }).click();
  await expect(page.getByRole("alert")).toContainText("The model was not loaded");
  await expectReference(page, info, "search-error");
});

test("what a search leaves looks as it did", { tag: "@wasm" }, async ({ page }, info) => {
  test.slow();
  await openReady(page, `/#${SMALL}&pruner=layerdrop&seed=3`);
  await search(page);
  await expect(page.getByTestId("result")).toBeVisible(LONG);
  await expect(page.getByTestId("row-searched")).toHaveAttribute("aria-busy", "false", LONG);
  await expectReference(page, info, "search-finished");
  await goTo(page, "Explore");
  await expect(page.getByTestId("sketch-yours")).toHaveAttribute("data-fresh", "10", LONG);
  await expectReference(page, info, "explore-drawn");
  await page.getByRole("tab", { name: "Compare" }).click();
  await expect(page.getByRole("img", { name: /^Searched, .*, large$/ })).toBeVisible(LONG);
  await expectReference(page, info, "compare-drawn");
  await goTo(page, "Runs");
  await expect(page.getByRole("region", { name: "Stored runs" }).getByRole("listitem")).toBeVisible();
  await expectReference(page, info, "runs-stored");
});

test("pictures that differ are told from pictures that do not", () => {
  const plain = new PNG({ width: 30, height: 30, fill: true });
  const marked = new PNG({ width: 30, height: 30, fill: true });
  for (let x = 0; x < 30; x++) marked.data.fill(255, 4 * (30 * 10 + x), 4 * (30 * 10 + x) + 3); // a line
  expect(difference(shrunk(plain, 3), shrunk(plain, 3))).toBe(0);
  expect(difference(shrunk(plain, 3), shrunk(marked, 3))).toBeCloseTo(0.1, 12);
});
