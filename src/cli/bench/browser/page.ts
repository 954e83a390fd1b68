// What a visitor waits for, in the built page in Chromium: until the demo can be searched, until its dense pictures are
// drawn, and a Quick search per seed with calibration. Every seed gets a fresh profile, so nothing is reused.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { median } from "../../../core/median.ts";
import type { SearchResult } from "../../../engine/api.ts";
import type { OutsideBench } from "../bench.ts";
import { quickRow } from "../quick.ts";
import { inBrowser, openReady, secondsSince, visit } from "./browser.ts";

export const page: OutsideBench = {
  help: "the built page in Chromium: opening, first pictures, Quick searches",
  observe: ({ flags, folder }, context) =>
    inBrowser(folder, context, async (browser, address) => {
      const visits: Awaited<ReturnType<typeof searchOnce>>[] = [];
      for (let seed = 0; seed < flags.integer("seeds"); seed++) {
        const picture = seed === 0 && flags.has("picture") ? flags.text("picture") : undefined;
        const found = await visit(browser, (tab) => searchOnce(tab, `${address}#seed=${seed}`, folder, picture));
        context.report(JSON.stringify(found));
        visits.push(found);
      }
      const over = (key: "openSeconds" | "picturesSeconds" | "seconds") => median(visits.map((found) => found[key]));
      return {
        browser: browser.version(),
        visits,
        wins: visits.filter(({ wins }) => wins).length,
        medianOpenSeconds: over("openSeconds"),
        medianPicturesSeconds: over("picturesSeconds"),
        medianSearchSeconds: over("seconds"),
      };
    }),
};

async function searchOnce(tab: Page, address: string, folder: string, picture: string | undefined) {
  const opened = performance.now();
  const button = await openReady(tab, address);
  const openSeconds = secondsSince(opened);
  const canvases = tab.getByTestId("row-dense").locator("canvas");
  await canvases.first().waitFor();
  const picturesSeconds = secondsSince(opened) - openSeconds;
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
