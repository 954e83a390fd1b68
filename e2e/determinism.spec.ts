// Same seed, same bits: one search gives one history hash in the page, with one thread and with the most that is used, and in Node over
// the same WASM. The hash covers every level and every bit of every fitness in the order of evaluation. The demo at three
// quarters has layers so narrow that threads would add up in another order if the graphs let them.

import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, type Page, test } from "@playwright/test";
import { SMALL, search } from "./studio.ts";

const SETTINGS = new URLSearchParams(SMALL);
// The usual searcher does arithmetic of its own.
// So many latents that calibration takes the products for many rows, and probes so few that sampling does not.
for (const [name, value] of Object.entries({ seed: 7, searcher: "bayesian", target: 0.75, calibrationItems: 16 }))
  SETTINGS.set(name, String(value));
/** Digits of the hash that the page shows. */
const SHOWN = 12;

test("one history hash in the page and in Node, with any number of threads", async ({ page }) => {
  test.slow();
  const node = (await hashInNode()).slice(0, SHOWN);
  expect(node).toMatch(/^[0-9a-f]{12}$/);
  for (const threads of [1, 6]) expect(await hashInPage(page, threads), `${threads} threads`).toBe(node);
});

async function hashInPage(page: Page, threads: number): Promise<string> {
  await page.goto(`/?threads=${threads}#${SETTINGS}`);
  await expect(page.getByTestId("device")).toContainText(`${threads} thread`, { timeout: 60_000 });
  await expect(page.getByTestId("model")).toHaveText("Tiny Worlds", { timeout: 60_000 });
  await search(page);
  await expect(page.getByTestId("result")).toBeVisible({ timeout: 180_000 });
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
    const flag = (name: string, setting: string) => [`--${name}`, SETTINGS.get(setting) ?? ""];
    const { stdout } = await promisify(execFile)("npx", [
      ...["tsx", "src/cli/main.ts", "search", "--backend", "wasm", "--model", "public/models/tiny-worlds"],
      ...["--pruner", "obs", "--out", folder],
      ...flag("seed", "seed"),
      ...flag("target", "target"),
      ...flag("stages", "stages"),
      ...flag("steps", "steps"),
      ...flag("probes", "probes"),
      ...flag("validation", "validation"),
      ...flag("held-out", "heldOut"),
      ...flag("stages-per-factor", "stagesPerFactor"),
      ...flag("items", "calibrationItems"),
      ...flag("searcher", "searcher"),
      ...flag("generations", "searcher.generations"),
      ...flag("searcher.offspring", "searcher.offspring"),
      ...flag("searcher.survivors", "searcher.survivors"),
    ]);
    return (JSON.parse(stdout) as { historyHash: string }).historyHash;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
