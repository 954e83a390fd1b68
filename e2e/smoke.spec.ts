// The page opens, is isolated (or WASM has one thread only), keeps to its own files and says nothing went wrong.

import { expect, test } from "@playwright/test";

test("opens isolated, from its own files, without an error", async ({ page, baseURL }) => {
  const errors: string[] = [];
  const elsewhere: string[] = [];
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  page.on("pageerror", (error) => errors.push(String(error)));
  page.on(
    "request",
    (request) =>
      /^https?:/.test(request.url()) && !request.url().startsWith(`${baseURL}/`) && elsewhere.push(request.url()),
  );

  await page.goto("/");
  await expect(page).toHaveTitle(/Diff-ES/);
  await expect(page.locator("#root")).not.toBeEmpty();
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  // Not "networkidle": the workers that measure threads are ended while their script may count as under way.
  await expect(page.getByTestId("model")).toHaveText("Tiny Worlds", { timeout: 60_000 });
  expect(errors).toEqual([]);
  expect(elsewhere).toEqual([]);
});

test("a missing file is an error, not the page again", async ({ request }) => {
  expect((await request.get("/models/missing/manifest.json")).status()).toBe(404);
});

test("the webgpu project has an adapter", { tag: "@webgpu" }, async ({ page }) => {
  await page.goto("/");
  const adapter = await page.evaluate(async () => {
    const { gpu } = navigator as unknown as { gpu?: { requestAdapter(): Promise<object | null> } };
    return (await gpu?.requestAdapter()) != null;
  });
  expect(adapter).toBe(true);
});

test("is no wider than its window", async ({ page }) => {
  await page.goto("/");
  for (const width of [400, 900, 1200, 1350]) {
    await page.setViewportSize({ width, height: 900 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth), `at ${width}`).toBe(width);
  }
});
