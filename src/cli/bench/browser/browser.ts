// The built page, served, and a browser to open it in: what benches of the page share.

import { join } from "node:path";
import { type Browser, chromium, type Page } from "@playwright/test";
import { build, preview } from "vite";
import { findBrowser } from "../../../../e2e/browser.mjs";
import { StudioError } from "../../../core/errors.ts";
import type { Context } from "../../commands/command.ts";

export const ARGUMENTS = [
  "--no-sandbox",
  "--disable-background-networking",
  "--disable-component-update",
  "--no-first-run",
];
/** Of any one thing waited for; a Quick search on a slow machine takes minutes. */
export const PATIENCE = 1_800_000;

/** Builds the page into `folder`, serves it, and gives its address and a browser to `work`. */
export function inBrowser<T>(
  folder: string,
  context: Context,
  work: (browser: Browser, address: string) => Promise<T>,
): Promise<T> {
  return served(folder, (address) => openBrowser(context, (browser) => work(browser, address)));
}

/** Builds the page into `folder` and serves it while `work` goes on. */
export async function served<T>(folder: string, work: (address: string) => Promise<T>): Promise<T> {
  const outDir = join(folder, "dist");
  await build({ build: { outDir }, logLevel: "error" });
  const server = await preview({ build: { outDir }, preview: { port: 0 }, logLevel: "error" });
  try {
    const [address] = server.resolvedUrls?.local ?? [];
    if (!address) throw new StudioError("invalid-input", "bench: the page could not be served");
    return await work(address);
  } finally {
    await server.close();
  }
}

/** Gives a browser, started with more `flags`, to `work`; cancelling closes it. */
export async function openBrowser<T>(
  { signal }: Context,
  work: (browser: Browser) => Promise<T>,
  flags: readonly string[] = [],
): Promise<T> {
  const executablePath = findBrowser();
  const browser = await chromium.launch({ args: [...ARGUMENTS, ...flags], ...(executablePath && { executablePath }) });
  const stop = () => void browser.close();
  signal.addEventListener("abort", stop);
  try {
    return await work(browser);
  } finally {
    signal.removeEventListener("abort", stop);
    await browser.close();
  }
}

/** Opens an address in a fresh profile, where nothing is stored. */
export async function visit<T>(browser: Browser, work: (tab: Page) => Promise<T>): Promise<T> {
  const profile = await browser.newContext({ viewport: { width: 1440, height: 1180 } });
  try {
    const tab = await profile.newPage();
    tab.setDefaultTimeout(PATIENCE);
    return await work(tab);
  } finally {
    await profile.close();
  }
}

/** Goes to an address and waits until a search can be started there; the button that starts it. */
export async function openReady(tab: Page, address: string) {
  await tab.goto(address, { waitUntil: "commit" });
  const button = tab.getByRole("button", { name: "Search", exact: true });
  await button.and(tab.locator(":enabled")).waitFor();
  return button;
}

/** To hundredths. */
export function secondsSince(start: number): number {
  return Number(((performance.now() - start) / 1000).toFixed(2));
}
