// How fast and how accessible the page opens: the section of docs/benchmarks.md.

import { type Surroundings, table } from "./markdown.ts";

/** Scores from 0 to 1, times in milliseconds. */
interface Profile {
  readonly performance: number;
  readonly range: readonly [low: number, high: number];
  readonly accessibility: number;
  readonly bestPractices: number;
  readonly firstPaint: number;
  readonly largestPaint: number;
  readonly blocking: number;
  readonly layoutShift: number;
}

/** What `bench lighthouse` printed. */
export interface LighthouseReport extends Omit<Surroundings, "device"> {
  readonly result: {
    readonly browser: string;
    readonly lighthouse: string;
    readonly rounds: number;
    readonly desktop: Profile;
    readonly phone: Profile;
    readonly scripts: { readonly files: number; readonly gzipped: number };
  };
}

export function lighthouseSection({ result, processor, commit }: LighthouseReport): string[] {
  const { browser, lighthouse, rounds, desktop, phone, scripts } = result;
  const score = (ratio: number) => String(Math.round(100 * ratio));
  return [
    "## Opening the page",
    `\`npm run -s cli -- bench lighthouse\`: Lighthouse ${lighthouse}, Chromium ${browser.split(".")[0]}, ${processor}, commit ${commit}.`,
    `First visits to the built page. Of ${rounds} audits the one of median performance, the range in brackets; times are Lighthouse's simulation of a machine and a network. The phone is its default, with a quarter of the processor's speed on slow 4G, while the page starts a model of 20 MB beside it. Before something is first painted ${scripts.files} scripts are asked for, ${(scripts.gzipped / 1000).toFixed(0)} kB with gzip.`,
    table(
      [
        "profile",
        "performance",
        "accessibility",
        "best practices",
        "first paint",
        "largest paint",
        "blocking",
        "layout shift",
      ],
      Object.entries({ desktop, phone }).map(([name, profile]) => [
        name,
        `${score(profile.performance)} (${profile.range.map(score).join(" … ")})`,
        score(profile.accessibility),
        score(profile.bestPractices),
        `${(profile.firstPaint / 1000).toFixed(1)} s`,
        `${(profile.largestPaint / 1000).toFixed(1)} s`,
        `${profile.blocking} ms`,
        profile.layoutShift.toFixed(3),
      ]),
    ),
  ];
}
