// The page in a Chromium of its own, opened where its search can begin, or go on.

import type { Locator, Page } from "@playwright/test";
import type { Milliseconds } from "../../../core/tensor.ts";
import type { SearchResult } from "../../../engine/api.ts";
import { type Apart, savedBy } from "./apart.ts";
import { type Witness, watch } from "./watch.ts";

/** What is stored is shown after the page is ready to search, but not that long. */
const SHOWN_WITHIN: Milliseconds = 20_000;

export interface Arrival {
  readonly page: Page;
  /** Whether the page showed the search, finished or not. */
  readonly known: boolean;
  /** The button that begins the search or goes on with it; undefined when its result is there. */
  readonly begin: Locator | undefined;
}

/** @param begun whether the profile should know the search: then it is waited for */
export async function arrive({ tab }: Apart, address: string, begun: boolean, witness: Witness): Promise<Arrival> {
  const page = await tab;
  await watch(page, witness);
  await page.goto(address, { waitUntil: "commit" });
  const enabled = page.locator(":enabled");
  const fresh = page.getByRole("button", { name: /^(Search|Continue search)$/ }).and(enabled);
  const result = page.getByTestId("result");
  await fresh.waitFor();
  if (!begun) return { page, known: false, begin: fresh };
  const unfinished = page.getByRole("region", { name: "Unfinished search" });
  const goOn = unfinished.getByRole("button", { name: "Continue", exact: true }).and(enabled);
  const shown = goOn.or(result).first().waitFor({ timeout: SHOWN_WITHIN });
  const known = await shown.then(
    () => true,
    () => false,
  );
  if (!known) return { page, known, begin: fresh };
  return { page, known, begin: (await result.isVisible()) ? undefined : goOn };
}

/** What the page gives as the file of the run that it shows, once it has a result. @param folder for the file */
export async function resultOf(page: Page, folder: string): Promise<SearchResult> {
  await page.getByTestId("result").waitFor();
  const file = page.getByRole("button", { name: "Run", exact: true });
  return JSON.parse(await savedBy(page, folder, () => file.click()));
}
