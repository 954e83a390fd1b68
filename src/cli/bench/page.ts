// What a visitor waits for, in the built page in Chromium: until the demo can be searched, until its dense pictures are
// drawn, and a Quick search per seed with calibration. Every seed gets a fresh profile, so nothing is reused.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Browser, chromium, type Page } from "@playwright/test";
import { build, preview } from "vite";
import { findBrowser } from "../../../e2e/browser.mjs";
import { StudioError } from "../../core/errors.ts";
import type { SearchResult } from "../../engine/api.ts";
import { median } from "../../engine/experiment.ts";
import type { PageBench } from "./bench.ts";
import { quickRow } from "./quick.ts";

const ARGUMENTS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--no-first-run"];
/** Of any one thing waited for; a Quick search on a slow machine takes minutes. */
const PATIENCE = 900_000;

export const page: PageBench = {
  help: "the built page in Chromium: opening, first pictures, Quick searches",
  async visit({ flags, folder }, context) {
    const outDir = join(folder, "dist");
    await build({ build: { outDir }, logLevel: "error" });
    const server = await preview({ build: { outDir }, preview: { port: 0 }, logLevel: "error" });
    const executablePath = findBrowser();
    const browser = await chromium.launch({ args: ARGUMENTS, ...(executablePath && { executablePath }) });
    const stop = () => void browser.close();
    context.signal.addEventListener("abort", stop);
    try {
      const [address] = server.resolvedUrls?.local ?? [];
      if (!address) throw new StudioError("invalid-input", "bench page: the page could not be served");
      const visits: Awaited<ReturnType<typeof visitOnce>>[] = [];
      for (let seed = 0; seed < flags.integer("seeds"); seed++) {
        const picture = seed === 0 && flags.has("picture") ? flags.text("picture") : undefined;
        const visit = await visitOnce(browser, `${address}#seed=${seed}`, folder, picture);
        context.report(JSON.stringify(visit));
        visits.push(visit);
      }
      const over = (key: "openSeconds" | "picturesSeconds" | "seconds") => median(visits.map((visit) => visit[key]));
      return {
        browser: browser.version(),
        visits,
        wins: visits.filter(({ wins }) => wins).length,
        medianOpenSeconds: over("openSeconds"),
        medianPicturesSeconds: over("picturesSeconds"),
        medianSearchSeconds: over("seconds"),
      };
    } finally {
      context.signal.removeEventListener("abort", stop);
      await browser.close();
      await server.close();
    }
  },
};

async function visitOnce(browser: Browser, address: string, folder: string, picture: string | undefined) {
  const profile = await browser.newContext({ viewport: { width: 1440, height: 1180 } });
  try {
    const tab = await profile.newPage();
    tab.setDefaultTimeout(PATIENCE);
    const opened = performance.now();
    const since = (start: number) => Number(((performance.now() - start) / 1000).toFixed(2));
    await tab.goto(address, { waitUntil: "commit" });
    const button = tab.getByRole("button", { name: "Search", exact: true });
    await button.and(tab.locator(":enabled")).waitFor();
    const openSeconds = since(opened);
    const canvases = tab.getByTestId("row-dense").locator("canvas");
    await canvases.first().waitFor();
    const picturesSeconds = since(opened) - openSeconds;
    const pictures = await canvases.count();
    await button.click();
    await tab.getByTestId("result").waitFor();
    const result = await runFileOf(tab, join(folder, "run.json"));
    if (picture) await portrait(tab, picture);
    return {
      openSeconds,
      pictures,
      picturesSeconds: Number(picturesSeconds.toFixed(2)),
      device: result.device.name,
      model: result.model.id,
      ...quickRow(result),
    };
  } finally {
    await profile.close();
  }
}

async function runFileOf(tab: Page, path: string): Promise<SearchResult> {
  const [file] = await Promise.all([
    tab.waitForEvent("download"),
    tab.getByRole("button", { name: "Run", exact: true }).click(),
  ]);
  await file.saveAs(path);
  return JSON.parse(await readFile(path, "utf8"));
}

/** The finished page as the README shows it, once every row has its pictures. */
async function portrait(tab: Page, path: string): Promise<void> {
  for (const id of ["dense", "uniform", "mosaic", "searched"]) {
    const row = tab.getByTestId(`row-${id}`);
    await row.and(tab.locator('[aria-busy="false"]')).waitFor();
    await row.locator("canvas").last().waitFor();
  }
  await tab.screenshot({ path, animations: "disabled" });
}
