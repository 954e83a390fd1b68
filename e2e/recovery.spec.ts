// A GPU that is lost costs work in flight, not the search: the worker is replaced, and after the second loss the search
// goes on in WASM.

import { expect, test } from "@playwright/test";
import { loadFile, nano, search } from "./studio.ts";

test("the GPU process crashes twice during a search, which ends all the same", async ({ page, browser }) => {
  test.slow();
  // The demo model is too much for a GPU emulated on the processor.
  await page.route("**/tiny-worlds/manifest.json", (route) => route.fulfill({ status: 404 }));
  await page.goto(
    "/?backend=webgpu#stages=2&steps=4&probes=2&validation=1&heldOut=2&calibrationItems=2&stagesPerFactor=1&searcher=evolution&searcher.generations=6&searcher.offspring=4&searcher.survivors=2&guidance=1",
  );
  await expect(page.getByRole("alert")).toContainText("manifest.json", { timeout: 60_000 });
  await loadFile(page, nano.file(), nano.heads);
  await expect(page.getByTestId("model")).toHaveText("nano.safetensors", { timeout: 120_000 });
  await expect(page.getByTestId("device")).toContainText("WebGPU");

  const notice = page.getByRole("status", { name: "Notice" });
  const crash = async () => (await browser.newBrowserCDPSession()).send("Browser.crashGpuProcess").catch(() => {});
  await search(page);
  await crash();
  await expect(notice).toContainText("A new worker goes on with the work", { timeout: 60_000 });
  await expect(page.getByRole("region", { name: "Progress" })).not.toContainText("Preparing", { timeout: 120_000 });
  await crash();
  await expect(notice).toContainText("From now on the work runs in WASM", { timeout: 60_000 });
  await expect(page.getByTestId("result")).toBeVisible({ timeout: 150_000 });
  await expect(page.getByTestId("device")).toContainText("WASM");
  await expect(page.getByTestId("model")).toHaveText("nano.safetensors");
});
