// What a person sees of a search in the page, looked at again and again until it is over.

import { setTimeout } from "node:timers/promises";
import type { Page } from "@playwright/test";
import type { Milliseconds } from "../../../core/tensor.ts";
import type { Seconds } from "../kills/lives.ts";

const PAUSE: Milliseconds = 100;

interface Sight {
  readonly storage: string;
  readonly notice: string;
  readonly progress: string;
  readonly over: boolean;
}

export interface Followed {
  /** When the page first said that storage fails, by performance.now, and how; undefined when it never did. */
  readonly saidAt: Milliseconds | undefined;
  readonly message: string | undefined;
  /** The longest time in which the search got no further. */
  readonly standstillSeconds: Seconds;
}

/** Until the search ends, however it does. */
export async function follow(page: Page): Promise<Followed> {
  const begun = performance.now();
  const since = (moment: Milliseconds) => (performance.now() - moment) / 1000;
  let [moved, last, standstillSeconds] = [begun, "", 0];
  let saidAt: Milliseconds | undefined;
  let message: string | undefined;
  for (;;) {
    const { storage, notice, progress, over } = await page.evaluate(look);
    if (progress !== last || over) {
      standstillSeconds = Math.max(standstillSeconds, since(moved));
      [moved, last] = [performance.now(), progress];
    }
    if (message === undefined && (notice || storage === "This visit only"))
      [saidAt, message] = [performance.now(), notice || storage];
    if (over) return { saidAt, message, standstillSeconds };
    await setTimeout(PAUSE);
  }
}

/** Runs in the page. */
function look(): Sight {
  const [storage = "", notice = "", progress = ""] = [
    '[data-testid="storage"]',
    'section[aria-label="Notice"]',
    'section[aria-label="Progress"]',
  ].map((selector) => document.querySelector(selector)?.textContent ?? "");
  return { storage, notice, progress, over: progress === "" };
}
