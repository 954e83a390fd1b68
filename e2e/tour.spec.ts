// The tour from a first visit on, by keyboard alone, wide and on a phone: it points at controls that are there and can be
// used meanwhile, starts nothing, and is taken up where it was left.

import { expect, test } from "@playwright/test";
import { failOnErrors, look } from "./studio.ts";

const TITLES = [
  "A schedule",
  "A stage’s level",
  "What it does to pictures",
  "The budget",
  "The search",
  "Compare with your eyes",
  "Where results are kept",
];

for (const [name, viewport] of Object.entries({
  wide: { width: 1440, height: 900 },
  phone: { width: 400, height: 860 },
}))
  test(`the tour, ${name}`, { tag: "@wasm" }, async ({ page }, info) => {
    const errors = failOnErrors(page);
    await page.setViewportSize(viewport);
    await page.emulateMedia({ reducedMotion: "reduce" });
    await page.goto("/");
    await expect(page.getByTestId("model")).toHaveText("Tiny Worlds");
    const stop = (title: string) => page.getByRole("dialog", { name: title });
    const heading = (title: string) => stop(title).getByRole("heading", { name: title });
    const [, level, pictures] = TITLES as [string, string, string];

    await page.getByRole("button", { name: "Take the tour, two minutes" }).press("Enter");
    for (const title of TITLES) {
      await expect(heading(title)).toBeFocused();
      await expect(stop(title)).toBeInViewport({ ratio: 1 });
      await expect(page.locator("[data-tour-now]")).toBeInViewport();
      await look(page, info, `${TITLES.indexOf(title)}`);
      if (title !== TITLES.at(-1)) await page.keyboard.press("ArrowRight");
    }
    for (const title of TITLES.slice(0, -1).reverse()) {
      await page.keyboard.press("ArrowLeft");
      await expect(heading(title)).toBeFocused();
    }

    await page.keyboard.press("ArrowRight");
    const first = page.getByRole("slider", { name: /^stage 1 of/ });
    await first.focus();
    await first.press("ArrowUp");
    await expect(first).toHaveAttribute("aria-valuenow", "7");
    await expect(stop(level)).toBeVisible();
    await first.press("t");
    await expect(heading(level)).toBeFocused();
    await page.keyboard.press("ArrowRight");
    await expect(page.getByRole("button", { name: /^Prepare, / })).toBeEnabled(); // so nothing was prepared

    await page.keyboard.press("Escape");
    await expect(page.getByRole("dialog")).toHaveCount(0);
    await page.reload();
    await expect(page.getByTestId("model")).toHaveText("Tiny Worlds");
    await page.getByRole("button", { name: "Help" }).press("Enter");
    await page.getByRole("button", { name: "Go on with the tour, 3 of 7" }).press("Enter");
    await expect(heading(pictures)).toBeFocused();
    expect(errors).toEqual([]);
  });
