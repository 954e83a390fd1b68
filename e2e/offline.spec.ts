// A demo is a link: the built page under any path of any host, without headers of its own. From the second visit on it
// needs no host at all.

import { type BrowserContext, expect, type Page, test } from "@playwright/test";
import { type StaticHost, staticHost } from "./static-host.ts";
import { failOnErrors, look, openPrepared, openReady, SMALL, search } from "./studio.ts";

test.use({ serviceWorkers: "allow" });

let host: StaticHost;
test.beforeEach(async () => {
  host = await staticHost("/some/path/");
});
test.afterEach(() => host.close());

const newer = (page: Page) => page.locator("html[data-build=newer]");
const offer = (page: Page) => page.getByRole("status", { name: "Update" });

function requestsElsewhere(context: BrowserContext): string[] {
  const elsewhere: string[] = [];
  context.on("request", (request) => {
    const url = request.url();
    if (/^https?:/.test(url) && !url.startsWith(host.address)) elsewhere.push(url);
  });
  return elsewhere;
}

/** Waits until the page needs no host. */
async function keepAll(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const { active } = await navigator.serviceWorker.ready;
    while (active?.state !== "activated") await new Promise((next) => setTimeout(next, 50));
  });
}

/** Another build is on the host. */
function publishNewer(): void {
  host.replace("index.html", (page) => page.replace("<html", "<html data-build='newer'"));
  // The page's own hash is not checked, so that any other one makes it another version.
  host.replace("service-worker.js", (worker) => worker.replace(/(name:.{2},hash:.)..../, "$1NEWR"));
}

async function notice(page: Page): Promise<void> {
  await page.evaluate(async () => (await navigator.serviceWorker.ready).update());
}

test("under a path of a plain host: every file is found, and nothing asked for elsewhere", async ({
  page,
  context,
}) => {
  const errors = failOnErrors(page);
  const elsewhere = requestsElsewhere(context);
  await openPrepared(page, host.address);
  await expect(page.getByTestId("device")).toHaveText("WASM · 1 thread");
  await keepAll(page);
  expect(errors).toEqual([]);
  expect(elsewhere).toEqual([]);
  expect(host.missing).toEqual([]);
});

test("the second visit needs no host, is isolated, and draws", async ({ page, context }) => {
  const elsewhere = requestsElsewhere(context);
  await openReady(page, host.address);
  await keepAll(page);
  await host.close();
  await context.setOffline(true);
  const errors = failOnErrors(page);
  await openPrepared(page, `${host.address}?threads=2`);
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  await expect(page.getByTestId("device")).toHaveText("WASM · 2 threads");
  for (const view of ["Search", "Compare", "Runs", "Explore"]) {
    await page.getByRole("tab", { name: view }).click();
    await expect(page.getByRole("tabpanel", { name: view })).not.toContainText("Loading…");
  }
  expect(errors).toEqual([]);
  expect(elsewhere).toEqual([]);
});

test("an update is offered when no run goes on, and taken when no other tab is open", async ({
  page,
  context,
}, info) => {
  await openReady(page, `${host.address}#${SMALL}`);
  await keepAll(page);
  publishNewer();
  await search(page);
  await notice(page);
  await page.waitForFunction(async () => (await navigator.serviceWorker.ready).waiting);
  await expect(page.getByRole("region", { name: "Progress" })).toBeVisible();
  await expect(offer(page)).toHaveCount(0);
  await expect(page.getByTestId("result")).toBeVisible({ timeout: 120_000 });

  const other = await context.newPage();
  await other.goto(host.address);
  await expect(other).toHaveTitle(/^Diff-ES/);
  await offer(page).getByRole("button", { name: "Reload" }).click();
  await expect(offer(page)).toContainText("another tab");
  await look(page, info, "update");
  await expect(newer(page)).toHaveCount(0);

  await other.close();
  await offer(page).getByRole("button", { name: "Reload" }).click();
  await expect(newer(page)).toHaveCount(1);
  await expect(offer(page)).toHaveCount(0);
});
