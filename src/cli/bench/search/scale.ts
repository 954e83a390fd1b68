// How large the benches of the search are ("demo" is what the documents show), and how long they will take.

import type { ModelCard, SearchRequest } from "../../../engine/api.ts";
import type { BenchTools } from "../bench.ts";
import { round3 } from "../measure.ts";
import { presetRequest } from "../preset-request.ts";

export interface Scale {
  readonly probes: number;
  /** Of the paper's algorithm. */
  readonly generations: number;
  /** Schedules that each searcher may ask for, where all get equally many calls. */
  readonly evaluations: number;
  readonly pruners: readonly string[];
  readonly targets: readonly number[];
}

const both = { pruners: ["obs", "layerdrop"], targets: [0.25, 0.5] } as const;

export const scales: Readonly<Record<string, Scale>> = {
  nano: { probes: 2, generations: 2, evaluations: 24, pruners: ["obs"], targets: [0.5] },
  demo: { probes: 8, generations: 100, evaluations: 244, ...both },
  paper: { probes: 64, generations: 100, evaluations: 1604, ...both },
};

export interface Setting {
  readonly pruner: string;
  readonly target: number;
  readonly seed: number;
}

/** Ten stages with a factor each, as in the paper; else the page's defaults. Seeds differ in probes, bank and draws. */
export function settingRequest(card: ModelCard, { probes }: Scale, { pruner, target, seed }: Setting): SearchRequest {
  const preset = presetRequest("standard", card);
  return { ...preset, pruner: { id: pruner }, target, probes, seed, stages: 10, stagesPerFactor: 1 };
}

/** Core-hours of so many evaluations in each setting, banks included, from a step that is measured now. */
export async function forecast(
  { engine, card }: BenchTools,
  scale: Scale,
  settings: readonly Setting[],
  evaluations: number,
): Promise<number> {
  let milliseconds = 0;
  for (const setting of settings) {
    const estimate = await engine.estimate(settingRequest(card, scale, setting));
    milliseconds += estimate.calibrate + evaluations * (estimate.search / estimate.evaluations);
  }
  return round3(milliseconds / 3_600_000);
}
