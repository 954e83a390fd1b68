// What does a search in the page come to when the disk fills up under it? The profile lies on a small disk (--folder),
// which is filled at a random moment of the search and kept full. The browser is then closed and started again twice: with
// the disk still full, and with room.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { StudioError } from "../../../core/errors.ts";
import { stream } from "../../../core/rng.ts";
import type { Bytes, Milliseconds } from "../../../core/tensor.ts";
import type { SearchResult } from "../../../engine/api.ts";
import type { OutsideBench } from "../bench.ts";
import type { Seconds } from "../kills/lives.ts";
import { address as settings } from "../kills/settings.ts";
import { close, openApart } from "./apart.ts";
import { secondsSince, served } from "./browser.ts";
import { Filler, refuseLargeDisk } from "./filler.ts";
import { type Followed, follow } from "./follow.ts";
import { arrive, resultOf } from "./search-page.ts";

const SEED = 0;
const PAUSE: Milliseconds = 50;
/** A result is shown a moment after the search is over. */
const SHOWN_WITHIN: Milliseconds = 10_000;

interface Place {
  readonly address: string;
  readonly profile: string;
  /** For files that the page gives: on another disk. */
  readonly files: string;
  readonly signal: AbortSignal;
}

export const fullDisk: OutsideBench = {
  help: "a search in the page while the disk of its profile (--folder, a small one) is full: what it says, what is left",
  async observe({ flags, folder }, { signal, report }) {
    await refuseLargeDisk(folder);
    const files = await mkdtemp(join(tmpdir(), "diff-es-files-"));
    try {
      return await served(files, async (address) => {
        const place = { address: `${address}#${settings}`, files, signal };
        const { result: whole } = await visit({ ...place, profile: join(files, "undisturbed") }, false);
        const random = stream(SEED, "full disk");
        const rows = [];
        for (let round = 0; round < flags.integer("seeds"); round++) {
          const row = await fillUp(place, folder, 1 + random.below(freshIn(whole) - 1), whole);
          report(JSON.stringify(row));
          rows.push(row);
        }
        return { evaluations: freshIn(whole), rows };
      });
    } finally {
      await rm(files, { recursive: true, force: true });
    }
  },
};

/** One search whose disk is full from its evaluation `at` on. @param whole the same search, undisturbed */
async function fillUp(outside: Omit<Place, "profile">, folder: string, at: number, whole: SearchResult) {
  const profile = await mkdtemp(join(folder, "profile-"));
  const place = { ...outside, profile };
  const filler = new Filler(folder);
  try {
    const during = await visit(place, false, async (stored) => {
      while (stored() < at) await setTimeout(PAUSE, undefined, place);
      await filler.start();
    });
    const full = await visit(place, true);
    await filler.stop();
    return told(at, filler.mostFree, whole, during, full, await visit(place, true));
  } finally {
    await filler.stop();
    await rm(profile, { recursive: true, force: true });
  }
}

function told(at: number, mostFree: Bytes, whole: SearchResult, during: Visited, full: Visited, freed: Visited) {
  const same = ({ result }: Visited) => result.historyHash === whole.historyHash;
  const again = (visited: Visited) => ({
    openSeconds: visited.openSeconds,
    known: visited.known,
    same: same(visited),
    /** Stored before the disk was full, and scored again all the same. */
    lost: Math.max(0, Math.min(during.stored, freshIn(whole)) - (freshIn(whole) - freshIn(visited.result))),
  });
  const { stored, messageSeconds, message, standstillSeconds } = during;
  return {
    at,
    mostFree,
    during: { stored, messageSeconds, message, standstillSeconds, same: same(during) },
    full: again(full),
    freed: again(freed),
  };
}

interface Visited extends Followed {
  /** From the start of the browser until the search could be begun. */
  readonly openSeconds: Seconds;
  /** Whether the page knew the search. */
  readonly known: boolean;
  /** From the first write to a disturbed storage until the page said that it fails. */
  readonly messageSeconds: Seconds | undefined;
  /** Evaluations whose storage the browser has acknowledged. */
  readonly stored: number;
  readonly result: SearchResult;
}

/** Starts the browser, begins the search or goes on with it, follows it to its end, and closes the browser. */
async function visit(
  { profile, address, files, signal }: Place,
  begun: boolean,
  disturb: (stored: () => number) => Promise<void> = async () => {},
): Promise<Visited> {
  const started = performance.now();
  const apart = openApart(profile, signal);
  try {
    let stored = 0;
    let wrote: Milliseconds | undefined;
    let disturbed = false;
    const { page, begin, known } = await arrive(apart, address, begun, {
      onMade() {
        if (disturbed) wrote ??= performance.now();
      },
      onStored() {
        stored++;
      },
    });
    const openSeconds = secondsSince(started);
    await begin?.click();
    if (begin) await page.getByRole("region", { name: "Progress" }).waitFor();
    await disturb(() => stored);
    disturbed = true;
    const followed = await follow(page);
    const { saidAt } = followed;
    const messageSeconds = saidAt && wrote && Math.max(0, (saidAt - wrote) / 1000);
    const shown = page.getByTestId("result").waitFor({ timeout: SHOWN_WITHIN });
    await shown.catch(async () => {
      const notices = await page.getByRole("alert").allTextContents();
      throw new StudioError("storage-full", `bench full-disk: the search stopped, saying ${notices.join("; ")}`);
    });
    return { openSeconds, known, messageSeconds, stored, ...followed, result: await resultOf(page, files) };
  } finally {
    await close(apart);
  }
}

/** Evaluations that this life of the search made itself. */
function freshIn({ evaluations, reuse }: SearchResult): number {
  return evaluations - (reuse?.found ?? 0);
}
