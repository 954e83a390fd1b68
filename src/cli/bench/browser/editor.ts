// How soon a change of a schedule by hand is seen: in the built page in Chromium, on WASM with one thread, from a key on a
// stage until the first changed pictures are there, and until all are.

import type { Page } from "@playwright/test";
import { median } from "../../../core/median.ts";
import type { OutsideBench } from "../bench.ts";
import { inBrowser, visit } from "./browser.ts";

const STAGES = 10;
/** One level more in each stage in turn, and back again: cuts of new levels first, then known ones. */
const KEYS = ["ArrowUp", "ArrowDown"] as const;

export const editor: OutsideBench = {
  help: "the schedule editor in the page: from a change to the first changed picture",
  observe: ({ folder }, context) =>
    inBrowser(folder, context, async (browser, address) => {
      const rows = [];
      for (const pruner of ["obs", "layerdrop"] as const) {
        const link = `${address}?threads=1#view=explore&pruner=${pruner}&stages=${STAGES}`;
        const changes = await visit(browser, (tab) => changesOf(tab, link));
        const over = (key: "first" | "all") => {
          const times = changes.map((change) => change[key]);
          return { median: Math.round(median(times)), most: Math.round(Math.max(...times)) };
        };
        const row = { pruner, first: over("first"), all: over("all"), changes };
        context.report(JSON.stringify({ ...row, changes: changes.length }));
        rows.push(row);
      }
      return { browser: browser.version(), stages: STAGES, unit: "milliseconds", rows };
    }),
};

interface Change {
  readonly stage: number;
  readonly key: string;
  /** Milliseconds until the first changed pictures were shown, and until all were. */
  readonly first: number;
  readonly all: number;
}

async function changesOf(tab: Page, link: string): Promise<Change[]> {
  await tab.goto(link, { waitUntil: "commit" });
  await tab.getByRole("button", { name: /^Prepare, / }).click();
  await tab.getByTestId("sketch-yours").and(tab.locator('[data-fresh="10"][aria-busy="false"]')).waitFor();
  const changes: Change[] = [];
  for (const key of KEYS)
    for (let stage = 1; stage <= STAGES; stage++) {
      const times = await tab.evaluate(timeOf, { name: `stage ${stage} of`, key });
      changes.push({ stage, key, ...times });
    }
  return changes;
}

/** Runs in the page: presses the key and watches the row of pictures. */
function timeOf({ name, key }: { readonly name: string; readonly key: string }) {
  const row = document.querySelector<HTMLElement>('[data-testid="sketch-yours"]') as HTMLElement;
  const slider = document.querySelector<HTMLElement>(`[role="slider"][aria-label^="${name} "]`) as HTMLElement;
  return new Promise<{ first: number; all: number }>((resolve) => {
    const started = performance.now();
    let begun = false;
    let first = 0;
    const watch = new MutationObserver(() => {
      const fresh = Number(row.dataset.fresh);
      begun ||= fresh === 0;
      if (!begun || fresh === 0) return;
      first ||= performance.now() - started;
      if (row.getAttribute("aria-busy") === "true") return;
      watch.disconnect();
      resolve({ first, all: performance.now() - started });
    });
    watch.observe(row, { attributes: true });
    slider.focus();
    slider.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
  });
}
