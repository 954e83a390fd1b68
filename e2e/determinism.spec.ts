// Same seed, same bits: one search gives one history hash in the page, with one thread and with two, and in Node over
// the same WASM. The hash covers every level and every bit of every fitness in the order of evaluation.

import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, type Page, test } from "@playwright/test";
import { loadFile, nano, SMALL, search } from "./studio.ts";

/** Digits of the hash that the page shows. */
const SHOWN = 12;

test.beforeEach(({ browserName: _ }, { project }) => test.skip(project.name !== "wasm", "a promise of WASM only"));

test("one history hash in the page and in Node, with any number of threads", async ({ page }) => {
  const node = (await hashInNode()).slice(0, SHOWN);
  expect(node).toMatch(/^[0-9a-f]{12}$/);
  for (const threads of [1, 2]) expect(await hashInPage(page, threads), `${threads} threads`).toBe(node);
});

async function hashInPage(page: Page, threads: number): Promise<string> {
  await page.goto(`/?threads=${threads}#${SMALL}&metric=latent-mse&seed=7`);
  await expect(page.getByTestId("device")).toContainText(`${threads} thread`, { timeout: 60_000 });
  await expect(page.getByTestId("model")).toHaveText("Tiny Worlds", { timeout: 60_000 });
  await loadFile(page, nano.file(), nano.heads);
  await expect(page.getByTestId("model")).toHaveText("nano.safetensors", { timeout: 60_000 });
  await search(page);
  await expect(page.getByTestId("result")).toBeVisible({ timeout: 120_000 });
  const hash = await page.getByTitle("Copy the whole hash").textContent();
  await page.evaluate(async () => {
    for (const { name } of await indexedDB.databases()) indexedDB.deleteDatabase(name ?? "");
    localStorage.clear();
  });
  return (hash ?? "").trim().replace("…", "");
}

/** The same request on the command line. */
async function hashInNode(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "diff-es-hash-"));
  try {
    const model = join(folder, "nano.safetensors");
    await writeFile(model, nano.file().buffer);
    const settings = new URLSearchParams(SMALL);
    const flag = (name: string, setting: string) => [`--${name}`, settings.get(setting) ?? ""];
    const { stdout } = await promisify(execFile)("npx", [
      ...["tsx", "src/cli/main.ts", "search", "--backend", "wasm", "--model", model, "--heads", String(nano.heads)],
      ...["--pruner", "obs", "--target", "0.5", "--cfg", "2", "--metric", "latent-mse", "--seed", "7", "--out", folder],
      ...flag("stages", "stages"),
      ...flag("steps", "steps"),
      ...flag("probes", "probes"),
      ...flag("held-out", "heldOut"),
      ...flag("items", "calibrationItems"),
      ...flag("generations", "searcher.generations"),
      ...flag("searcher.offspring", "searcher.offspring"),
      ...flag("searcher.survivors", "searcher.survivors"),
    ]);
    return (JSON.parse(stdout) as { historyHash: string }).historyHash;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
