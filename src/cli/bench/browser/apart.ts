// A Chromium that can be killed as a whole: a process group of its own, on a profile folder that outlives it.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { type Browser, type CDPSession, chromium, type Page } from "@playwright/test";
import { findBrowser } from "../../../../e2e/browser.mjs";
import { StudioError } from "../../../core/errors.ts";
import type { Milliseconds } from "../../../core/tensor.ts";
import { ProcessGroup } from "../kills/process-group.ts";
import { ARGUMENTS, PATIENCE } from "./browser.ts";

/** How often it is asked whether it can be spoken to. */
const PAUSE: Milliseconds = 50;
/** A browser whose disk is full may never close. */
const GRACE: Milliseconds = 10_000;

export interface Apart {
  readonly group: ProcessGroup;
  /** Empty, once there is one. Rejects when it is killed before. */
  readonly tab: Promise<Page>;
}

/** As a person closes a browser; killed when that takes too long. */
export async function close({ group, tab }: Apart): Promise<void> {
  const closing = async () => {
    await (await browserSession(await tab)).send("Browser.close");
    await group.ended;
  };
  await Promise.race([closing(), setTimeout(GRACE)]).catch(() => {}); // then it is killed
  await group.kill();
}

/** @throws missing-data without a Chromium */
export function openApart(profile: string, signal: AbortSignal): Apart {
  const executable = findBrowser();
  if (!executable)
    throw new StudioError("missing-data", "bench: no Chromium was found; install one, or set CHROMIUM_PATH to one");
  const own = ["--headless", "--remote-debugging-port=0", `--user-data-dir=${profile}`, "about:blank"];
  const group = new ProcessGroup(executable, [...ARGUMENTS, ...own], signal);
  const tab = connected(group);
  tab.catch(() => {}); // whoever waits for it hears it
  return { group, tab };
}

async function connected(group: ProcessGroup): Promise<Page> {
  const over = group.ended.then(
    () => true,
    () => true,
  );
  let address: string | undefined;
  while (!address) {
    const ended = await Promise.race([over, setTimeout(PAUSE, false)]);
    if (ended) throw new StudioError("missing-data", `bench: Chromium ended at its start: ${group.stderr}`);
    address = /DevTools listening on (\S+)/.exec(group.stderr)?.[1];
  }
  const browser = await chromium.connectOverCDP(address);
  const tab = await (browser.contexts()[0] ?? (await browser.newContext())).newPage();
  tab.setDefaultTimeout(PATIENCE);
  return tab;
}

/** The text of the file that a click makes it save. A browser that somebody else has started tells Playwright of none. */
export async function savedBy(tab: Page, folder: string, click: () => Promise<void>): Promise<string> {
  const session = await browserSession(tab);
  try {
    const saved = new Promise<string>((resolve) => {
      session.on("Browser.downloadProgress", ({ state, guid }) => state === "completed" && resolve(guid));
    });
    const behavior = { behavior: "allowAndName", downloadPath: folder, eventsEnabled: true } as const;
    await session.send("Browser.setDownloadBehavior", behavior);
    await click();
    return await readFile(join(folder, await saved), "utf8");
  } finally {
    await session.detach();
  }
}

function browserSession(tab: Page): Promise<CDPSession> {
  return (tab.context().browser() as Browser).newBrowserCDPSession();
}
