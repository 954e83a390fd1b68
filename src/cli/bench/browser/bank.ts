// How long the whole bank of ten stages takes in the page, with each calibration latent used in one stage and with every
// latent used in every stage, and whether the page stays responsive meanwhile. Calibration of the demo, OBS.

import type { Page } from "@playwright/test";
import type { OutsideBench } from "../bench.ts";
import { inBrowser, openReady, secondsSince, visit } from "./browser.ts";

const STAGES = 10;
/** The demo's calibration latents. */
const LATENTS = 512;
const PLANS = [
  { plan: "each latent in one stage", items: Math.ceil(LATENTS / STAGES) },
  { plan: "every latent in every stage", items: LATENTS },
] as const;

export const bank: OutsideBench = {
  help: "the whole OBS bank of the demo in the page: time, and the longest block of its thread",
  observe: ({ folder }, context) =>
    inBrowser(folder, context, async (browser, address) => {
      const rows = [];
      for (const { plan, items } of PLANS) {
        const settings = `stages=${STAGES}&stagesPerFactor=1&calibrationItems=${items}`;
        const row = { plan, items, ...(await visit(browser, (tab) => calibrateOnce(tab, `${address}#${settings}`))) };
        context.report(JSON.stringify(row));
        rows.push(row);
      }
      return { browser: browser.version(), stages: STAGES, latents: LATENTS, rows };
    }),
};

async function calibrateOnce(tab: Page, address: string) {
  await tab.addInitScript(() => {
    const blocks: number[] = [];
    Object.assign(window, { blocks });
    new PerformanceObserver((list) => blocks.push(...list.getEntries().map(({ duration }) => duration))).observe({
      type: "longtask", // 50 ms and more
    });
  });
  const button = await openReady(tab, address);
  await tab.getByTestId("row-dense").locator("canvas").first().waitFor();
  const device = await tab.getByTestId("device").textContent();
  const blocksBefore = await blocksOf(tab);
  const started = performance.now();
  await button.click();
  // MosaicDiff has a bank of its own, made after the search's.
  await tab.getByRole("region", { name: "Progress" }).filter({ hasText: "MosaicDiff" }).waitFor();
  const seconds = secondsSince(started);
  const blocks = (await blocksOf(tab)).slice(blocksBefore.length);
  return { device, seconds, blocks: blocks.length, longestBlock: Math.max(0, ...blocks) };
}

/** Milliseconds of every task of 50 ms and more in the page's thread. */
function blocksOf(tab: Page): Promise<number[]> {
  return tab.evaluate(() => (window as unknown as { blocks: number[] }).blocks);
}
