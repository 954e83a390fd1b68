// What racing saves: a section of docs/benchmarks.md.

import type { Difference } from "../../engine/api.ts";
import { around, difference, type Surroundings, table } from "./markdown.ts";

/** What `bench racing` printed. */
export interface RacingReport extends Surroundings {
  readonly model: string;
  readonly result: {
    readonly probes: number;
    readonly heldOut: number;
    readonly survivors: number;
    readonly offspring: number;
    readonly generations: number;
    readonly racing: { readonly confidence: number; readonly chunk: number };
    readonly rows: readonly {
      readonly seed: number;
      readonly samples: { readonly whole: number; readonly raced: number };
      readonly saving: number;
      readonly heldOut: number;
      readonly difference: Difference;
    }[];
    readonly summary: readonly {
      readonly confidence: number;
      readonly chunk: number;
      readonly saving: number;
      readonly generations: number;
      readonly changed: number;
      readonly loss: number;
    }[];
  };
}

export function racingSection(report: RacingReport): string[] {
  const { probes, heldOut, survivors, offspring, generations, racing, rows, summary } = report.result;
  const chunks = [...new Set(summary.map(({ chunk }) => chunk))];
  const confidences = [...new Set(summary.map(({ confidence }) => confidence))];
  return [
    "## Racing",
    around(report, `racing --threads 1 --seeds ${rows.length}`),
    `OBS at 50 %, 10 stages, ${probes} probe pictures, SSIM, ${generations} generations of ${offspring} offspring and ${survivors} survivors: each seed searched twice, whole and raced (confidence ${racing.confidence}, first chunk ${racing.chunk}). A sample evaluation is one picture of one candidate. The difference is the raced winner's mean on ${heldOut} held-out pictures minus the whole search's, with its paired 95 % interval; † is no difference found.`,
    table(
      ["seed", "samples, whole", "raced", "saving", "held out, whole", "difference"],
      rows.map(({ seed, samples, saving, heldOut, difference: raced }) => [
        String(seed),
        String(samples.whole),
        String(samples.raced),
        `${saving.toFixed(2)}×`,
        heldOut.toFixed(3),
        difference(raced),
      ]),
    ),
    `Every generation of the whole searches raced again on its recorded scores (${summary[0]?.generations} generations): the saving, in how many generations a survivor was stopped, and by how much that lowers the survivors' mean fitness, in the mean of all generations.`,
    table(
      ["confidence", ...chunks.map((chunk) => `chunk ${chunk}`)],
      confidences.map((confidence) => [
        String(confidence),
        ...summary
          .filter((setting) => setting.confidence === confidence)
          .map(({ saving, changed, loss }) => `${saving.toFixed(2)}×, ${changed}, ${loss.toFixed(5)}`),
      ]),
    ),
  ];
}
