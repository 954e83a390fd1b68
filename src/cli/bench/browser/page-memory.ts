// Whether a page that stays open fills up: its memory after 200 refreshes of the grid of pictures and after 5 short
// searches, against what it had before, when both had happened once. The browser counts page and workers together, their
// buffers included, once it has collected garbage.

import type { Page } from "@playwright/test";
import { SMALL } from "../../../../e2e/studio.ts";
import type { Bytes } from "../../../core/tensor.ts";
import type { OutsideBench } from "../bench.ts";
import { inBrowser, openReady, visit } from "./browser.ts";

const REFRESHES = 200;
const RUNS = 5;
/** In as few steps as the baselines' stages need. */
const SETTINGS = `${SMALL}&pruner=layerdrop`.replace("steps=6", "steps=3");

export interface MemoryAt {
  readonly after: "before" | "refreshes" | "runs";
  readonly bytes: Bytes;
  /** Of them, those of workers. */
  readonly workers: Bytes;
}

export const pageMemory: OutsideBench = {
  help: `memory of the page after ${REFRESHES} refreshes of the grid and ${RUNS} searches, against before`,
  observe: ({ folder }, context) =>
    inBrowser(folder, context, (browser, address) =>
      visit(browser, async (tab) => {
        const rows: MemoryAt[] = [];
        const note = async (after: MemoryAt["after"]) => {
          const row = { after, ...(await tab.evaluate(memory)) };
          context.report(JSON.stringify(row));
          rows.push(row);
        };
        await openReady(tab, `${address}?threads=1#${SETTINGS}`);
        await tab.getByText("All settings").click();
        let seed = 0;
        const refresh = () => tab.evaluate(refreshGrid, String(++seed));
        await refresh();
        await search(tab, ++seed);
        await putAside(tab);
        await refresh();
        await note("before");
        for (let i = 0; i < REFRESHES; i++) await refresh();
        await note("refreshes");
        for (let i = 0; i < RUNS; i++) await search(tab, ++seed);
        await note("runs");
        const [before] = rows as [MemoryAt];
        const most = Math.max(...rows.map(({ bytes }) => bytes));
        return { browser: browser.version(), refreshes: REFRESHES, runs: RUNS, rows, growth: most / before.bytes - 1 };
      }),
    ),
};

async function search(tab: Page, seed: number): Promise<void> {
  await tab.getByRole("region", { name: "More settings" }).getByLabel("Seed", { exact: true }).fill(String(seed));
  await tab.getByRole("button", { name: "Search", exact: true }).click();
  await tab.getByRole("region", { name: "Progress" }).waitFor();
  await tab.getByTestId("result").waitFor();
  const rows = tab.getByTestId(/^row-(dense|uniform|mosaic|searched)$/);
  await rows.and(tab.locator('[aria-busy="true"]')).first().waitFor({ state: "detached" });
}

/** Shows no run again, so that the grid follows the settings. */
async function putAside(tab: Page): Promise<void> {
  await tab.getByRole("tab", { name: "Runs" }).click();
  await tab.getByRole("button", { name: "Duplicate" }).first().click();
  await tab.getByTestId("row-dense").waitFor();
}

/** Runs in the page: another seed, and then all pictures of the dense model again. */
function refreshGrid(seed: string): Promise<void> {
  const row = document.querySelector('[data-testid="row-dense"]') as HTMLElement;
  const field = [...document.querySelectorAll("label")].find((label) => label.textContent === "Seed")?.control;
  return new Promise((resolve) => {
    let begun = false;
    const watch = new MutationObserver(() => {
      const busy = row.getAttribute("aria-busy") === "true";
      if (begun && !busy) {
        watch.disconnect();
        resolve();
      }
      begun ||= busy;
    });
    watch.observe(row, { attributes: true });
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value")?.set?.call(field, seed);
    field?.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

/** Runs in the page. */
async function memory(): Promise<Omit<MemoryAt, "after">> {
  interface Measured {
    readonly bytes: number;
    readonly breakdown: readonly {
      readonly bytes: number;
      readonly attribution: readonly { readonly scope: string }[];
    }[];
  }
  const page = performance as unknown as { measureUserAgentSpecificMemory(): Promise<Measured> };
  const { bytes, breakdown } = await page.measureUserAgentSpecificMemory();
  const ofWorkers = breakdown.filter(({ attribution }) => attribution.some(({ scope }) => scope.includes("Worker")));
  return { bytes, workers: ofWorkers.reduce((sum, part) => sum + part.bytes, 0) };
}
