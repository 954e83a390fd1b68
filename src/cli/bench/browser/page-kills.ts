// What does a search in the page survive? As bench kills, with the whole browser: its profile is all that one life leaves
// to the next.

import { mkdtemp } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import type { Milliseconds } from "../../../core/tensor.ts";
import type { SearchResult } from "../../../engine/api.ts";
import type { OutsideBench } from "../bench.ts";
import { type Account, type Attempt, endure } from "../kills/lives.ts";
import { address as settings } from "../kills/settings.ts";
import { openApart } from "./apart.ts";
import { served } from "./browser.ts";
import { arrive, resultOf } from "./search-page.ts";
import { storedEvaluations } from "./watch.ts";

/** How often it is looked how far it is. */
const PAUSE: Milliseconds = 50;

export const pageKills: OutsideBench = {
  help: "a search in the page, its browser killed at random moments: what is lost, made twice, different",
  observe: ({ flags, folder }, context) =>
    served(folder, async (address) => {
      const home = await mkdtemp(join(folder, "kills-"));
      const place = (name: string) => {
        const stored = new Set<string>();
        return () => searchPage(join(home, name), `${address}#${settings}`, stored, context.signal);
      };
      return endure(place("undisturbed"), place("killed"), flags.integer("kills"), context);
    }),
};

/** @param stored evaluations that earlier lives saw stored; those of this one join them */
async function searchPage(
  profile: string,
  address: string,
  stored: Set<string>,
  signal: AbortSignal,
): Promise<Attempt> {
  const begun = performance.now();
  const before = stored.size;
  const made: { address: string; seconds: number }[] = [];
  let [phase, lost, running, killed] = ["start", 0, true, false];
  const apart = openApart(profile, signal);
  const { group } = apart;

  const work = async (): Promise<SearchResult> => {
    const { page, begin } = await arrive(apart, address, before > 0, {
      onMade: (evaluation) => made.push({ address: evaluation, seconds: (performance.now() - begun) / 1000 }),
      onStored: (evaluation) => stored.add(evaluation),
      onPhase(name) {
        phase = name;
      },
    });
    const there = new Set(await storedEvaluations(page));
    for (const evaluation of stored)
      if (!there.has(evaluation)) {
        lost++;
        stored.delete(evaluation);
      }
    await begin?.click();
    return resultOf(page, dirname(profile));
  };

  const finish = async (): Promise<SearchResult | undefined> => {
    try {
      return await Promise.race([work(), group.ended.then(() => Promise.reject(new Error("the browser ended")))]);
    } catch (error) {
      signal.throwIfAborted();
      if (!killed) throw error;
      return undefined;
    } finally {
      running = false;
      await group.kill();
    }
  };

  return {
    ended: finish(),
    async reached(evaluations) {
      while (running && made.length < evaluations) await setTimeout(PAUSE);
    },
    async kill() {
      killed = true;
      await group.kill();
    },
    account: async (): Promise<Account> => ({ phase, made, before, lost }),
  };
}
