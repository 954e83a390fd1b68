// What goes wrong is named with its numbers, and nothing that was there is lost.

import { expect, type Page, test } from "@playwright/test";
import { writeSafetensors } from "../src/formats/safetensors.ts";
import { tinyDit, tinyDitFile } from "../src/testing/tiny-dit.ts";
import { loadFile, nano } from "./studio.ts";

const notice = (page: Page) => page.getByRole("alert").filter({ has: page.getByRole("heading") });

async function open(page: Page, address = "/"): Promise<void> {
  await page.goto(address);
  await expect(page.getByTestId("model")).toHaveText("Tiny Worlds", { timeout: 60_000 });
}

test("a truncated file dropped on the page", async ({ page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await open(page);
  const transfer = await page.evaluateHandle(
    (bytes) => {
      const data = new DataTransfer();
      data.items.add(new File([new Uint8Array(bytes)], "cut.safetensors"));
      return data;
    },
    [...tinyDitFile().subarray(0, 5000)],
  );
  await page.dispatchEvent("#root > div", "dragover", { dataTransfer: transfer });
  await expect(page.getByText("Drop a DiT .safetensors file")).toBeVisible();
  await page.dispatchEvent("#root > div", "drop", { dataTransfer: transfer });
  await page.getByRole("button", { name: "Load model" }).click();
  await expect(notice(page)).toContainText("cut.safetensors");
  await expect(notice(page)).toContainText("The model was not loaded");
  await expect(page.getByTestId("model")).toHaveText("Tiny Worlds");
  await notice(page).getByRole("button", { name: "Copy diagnostics" }).click();
  await expect(notice(page).getByRole("button", { name: "Copied" })).toBeVisible();
  const told = JSON.parse(await page.evaluate(() => navigator.clipboard.readText()));
  expect(told.log.at(-1)).toContain("cut.safetensors");
  expect(told.backend).toMatchObject({ backend: "wasm" });
  expect(told.backend.reason).not.toBe("");
  expect(told.versions.studio).toMatch(/^\d+\.\d+\.\d+$/);
  expect(told.features).toMatchObject({ isolated: true, indexedDB: true });
  expect(told.adapter).toBeTruthy();
  expect(told.browser).toContain("Chrome");
  await page.getByRole("button", { name: "Dismiss" }).click();
  await expect(notice(page)).toHaveCount(0);
});

test("a tensor of the wrong shape", async ({ page }) => {
  await open(page);
  const weights = new Map(tinyDit());
  weights.set("blocks.0.attn.proj.weight", { shape: [16, 32], data: new Float32Array(16 * 32) });
  await loadFile(page, nano.file("wrong.safetensors", writeSafetensors(weights)), nano.heads);
  await expect(notice(page)).toContainText("blocks.0.attn.proj.weight");
  await expect(page.getByTestId("model")).toHaveText("Tiny Worlds");
});

test("weights that are not numbers", async ({ page }) => {
  await open(page);
  const weights = new Map(tinyDit());
  weights.set("blocks.1.mlp.fc2.bias", { shape: [32], data: new Float32Array(32).fill(Number.NaN) });
  await loadFile(page, nano.file("nan.safetensors", writeSafetensors(weights)), nano.heads);
  await expect(notice(page)).toContainText("blocks.1.mlp.fc2.bias");
});

test("heads that cannot be told, then told", async ({ page }) => {
  await open(page);
  await loadFile(page, nano.file());
  await expect(notice(page)).toContainText("heads");
  await loadFile(page, nano.file(), nano.heads);
  await expect(page.getByTestId("model")).toHaveText("nano.safetensors");
});

test("an unreachable budget is named before a start", async ({ page }) => {
  await open(page, "/#target=0.02");
  await expect(page.getByRole("complementary", { name: "Settings" })).toContainText(
    "a target sparsity of 0.02 is 0.24 of 12 levels",
  );
  await expect(page.getByRole("button", { name: "Search", exact: true })).toBeDisabled();
});

test("a link with wrong settings", async ({ page }) => {
  await open(page, "/#stages=0&pruner=magic&seed=3");
  await expect(notice(page)).toContainText("stages: 0 is not an integer in [1, 50]");
  await expect(notice(page)).toContainText('pruner "magic" does not exist');
});

test("WebGPU forced where there is none", async ({ page }) => {
  await page.goto("/?backend=webgpu");
  await expect(notice(page)).toContainText("WebGPU", { timeout: 60_000 });
});

test("no IndexedDB: it works for this visit and says so", async ({ page }) => {
  await page.route("**/engine.worker-*", async (route) => {
    const answer = await route.fetch();
    const body = `Object.defineProperty(self, "indexedDB", { value: undefined });\n${await answer.text()}`;
    await route.fulfill({ response: answer, body });
  });
  await open(page);
  await expect(page.getByTestId("storage")).toHaveText("This visit only");
});

test("a model that is missing", async ({ page }) => {
  await page.route("**/tiny-worlds/dit.safetensors", (route) => route.fulfill({ status: 404 }));
  await page.goto("/");
  await expect(notice(page)).toContainText("dit.safetensors", { timeout: 60_000 });
  await expect(notice(page)).toContainText("404");
});
