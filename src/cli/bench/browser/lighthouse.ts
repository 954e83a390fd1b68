// What Lighthouse says of the built page at a first visit, and how much JavaScript is on its way when something is first
// painted. A busy machine makes a page look slow, so each profile is audited several times, in turn.

import { readFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Page } from "@playwright/test";
import lighthouse, { desktopConfig } from "lighthouse";
import { StudioError } from "../../../core/errors.ts";
import type { Bytes, Milliseconds, Ratio } from "../../../core/tensor.ts";
import type { Context } from "../../commands/command.ts";
import type { OutsideBench } from "../bench.ts";
import { openBrowser, openReady, served, visit } from "./browser.ts";

/** Lighthouse's own; the phone is its default: a processor of a quarter of the speed, on slow 4G. */
const PROFILES = { desktop: desktopConfig, phone: undefined } as const;
type Profile = keyof typeof PROFILES;
const CATEGORIES = ["performance", "accessibility", "best-practices"];
/** A trace sometimes lacks its beginning; such an audit says so and has no figures. */
const ATTEMPTS = 3;

interface Audit {
  readonly performance: Ratio;
  readonly accessibility: Ratio;
  readonly bestPractices: Ratio;
  readonly firstPaint: Milliseconds;
  readonly largestPaint: Milliseconds;
  readonly blocking: Milliseconds;
  readonly layoutShift: Ratio;
}

export const lighthouseBench: OutsideBench = {
  help: "Lighthouse's scores of the built page, and the JavaScript before its first paint",
  observe({ flags, folder }, context) {
    const rounds = flags.integer("rounds");
    return served(folder, async (address) => {
      const { version } = JSON.parse(await readFile(join("node_modules", "lighthouse", "package.json"), "utf8"));
      const audits: Record<Profile, Audit[]> = { desktop: [], phone: [] };
      for (let round = 0; round < rounds; round++)
        for (const profile of ["desktop", "phone"] as const) {
          context.report(`round ${round + 1} of ${rounds}, ${profile}`);
          audits[profile].push(await audit(address, profile, context));
        }
      return openBrowser(context, async (browser) => ({
        browser: browser.version(),
        lighthouse: version,
        rounds,
        desktop: typical(audits.desktop),
        phone: typical(audits.phone),
        scripts: await visit(browser, (tab) => firstScripts(tab, address, join(folder, "dist"))),
      }));
    });
  },
};

/** In a browser of its own: a first visit finds nothing stored. */
async function audit(address: string, profile: Profile, context: Context): Promise<Audit> {
  for (let attempt = 1; ; attempt++) {
    const port = await freePort();
    const result = await openBrowser(
      context,
      () => lighthouse(address, { port, logLevel: "error", onlyCategories: CATEGORIES }, PROFILES[profile]),
      [`--remote-debugging-port=${port}`],
    );
    const { categories, audits, runtimeError } = result?.lhr ?? {};
    if (!categories || !audits || runtimeError) {
      if (attempt < ATTEMPTS) continue;
      const why = runtimeError?.message ?? "no answer";
      throw new StudioError("missing-data", `lighthouse: ${ATTEMPTS} audits without a result (${why}); run it again`);
    }
    const score = (id: string) => categories[id]?.score ?? Number.NaN;
    const value = (id: string) => audits[id]?.numericValue ?? Number.NaN;
    return {
      performance: score("performance"),
      accessibility: score("accessibility"),
      bestPractices: score("best-practices"),
      firstPaint: Math.round(value("first-contentful-paint")),
      largestPaint: Math.round(value("largest-contentful-paint")),
      blocking: Math.round(value("total-blocking-time")),
      layoutShift: Number(value("cumulative-layout-shift").toFixed(3)),
    };
  }
}

/** The audit of median performance, and the range of all. */
function typical(audits: readonly Audit[]) {
  const sorted = audits.toSorted((a, b) => a.performance - b.performance);
  const range = [sorted[0], sorted.at(-1)].map((one) => one?.performance);
  return { ...(sorted[Math.floor(sorted.length / 2)] as Audit), range };
}

/** Scripts that were asked for before the first paint, with their size as hosts send them. */
async function firstScripts(tab: Page, address: string, dist: string): Promise<{ files: number; gzipped: Bytes }> {
  await openReady(tab, address);
  const urls = await tab.evaluate(() => {
    const painted = performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? 0;
    const before = performance.getEntriesByType("resource").filter(({ startTime }) => startTime < painted);
    return before.map(({ name }) => name).filter((name) => name.endsWith(".js"));
  });
  const texts = await Promise.all(urls.map((url) => readFile(join(dist, url.slice(address.length)))));
  return { files: urls.length, gzipped: texts.reduce((sum, text) => sum + gzipSync(text).length, 0) };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().on("error", reject);
    server.listen(0, "localhost", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}
