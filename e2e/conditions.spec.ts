// While work goes on: the title tells its phase, a notice its end and a screen stays on, both only when asked for.

import { expect, type Page, test } from "@playwright/test";
import { openReady, SMALL, search } from "./studio.ts";

interface Recorded {
  readonly notices: { readonly title: string; readonly body: string }[];
  readonly titles: string[];
  asked: number;
  locks: number;
  held: number;
}
const recorded = (page: Page) => page.evaluate(() => (window as unknown as { recorded: Recorded }).recorded);

/** A browser that answers as told, and writes down what the page wants of it. */
const record = (page: Page, answer: NotificationPermission) =>
  page.addInitScript((answer) => {
    const recorded: Recorded = { notices: [], titles: [], asked: 0, locks: 0, held: 0 };
    class Notice {
      static permission: NotificationPermission = "default";
      static async requestPermission() {
        recorded.asked++;
        Notice.permission = answer;
        return answer;
      }
      constructor(title: string, { body = "" }: NotificationOptions) {
        recorded.notices.push({ title, body });
      }
    }
    const request = async () => {
      recorded.locks++;
      recorded.held++;
      return { release: async () => void recorded.held-- };
    };
    Object.assign(window, { recorded, Notification: Notice });
    Object.defineProperty(navigator, "wakeLock", { value: { request } });
    new MutationObserver(() => recorded.titles.push(document.title)).observe(document, {
      subtree: true,
      childList: true,
      characterData: true,
    });
  }, answer);

test(
  "the title tells the phase, a notice the end, and the screen stays on",
  { tag: "@wasm" },
  async ({ page }, info) => {
    await record(page, "granted");
    await openReady(page, `/#${SMALL}&pruner=layerdrop&seed=21&searcher.generations=6`);
    await search(page);
    await page.getByLabel("Tell me when it ends", { exact: true }).check();
    await page.getByLabel("Keep the screen on", { exact: true }).check();
    await page.screenshot({ path: info.outputPath("asked.png") });
    await expect.poll(async () => (await recorded(page)).held).toBe(1);
    // The browser takes the lock away from a hidden tab; it is asked for again when the tab is back.
    await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
    await expect.poll(async () => (await recorded(page)).locks).toBe(2);
    expect((await recorded(page)).held).toBe(1);
    await expect(page.getByTestId("result")).toBeVisible({ timeout: 120_000 });
    await expect.poll(async () => (await recorded(page)).notices).toHaveLength(1);
    const { notices, titles, asked } = await recorded(page);
    expect(asked).toBe(1);
    expect(notices[0]?.title).toBe("The search has ended");
    expect(titles.filter((title) => /^\d+\s% · Search · Diff-ES Studio$/.test(title)).length).toBeGreaterThan(0);
    await expect(page).toHaveTitle("Diff-ES Studio");
    await expect.poll(async () => (await recorded(page)).held).toBe(0);
  },
);

test("refused notices are said to be, and nothing is told", { tag: "@wasm" }, async ({ page }) => {
  await record(page, "denied");
  await openReady(page, `/#${SMALL}&pruner=layerdrop&seed=22`);
  await search(page);
  const wish = page.getByLabel("Tell me when it ends", { exact: true });
  await wish.click();
  await expect(page.getByText("This browser blocks notices of the page")).toBeVisible();
  await expect(wish).not.toBeChecked();
  await expect(page.getByTestId("result")).toBeVisible({ timeout: 120_000 });
  const { notices, locks } = await recorded(page);
  expect({ notices, locks }).toEqual({ notices: [], locks: 0 });
});
