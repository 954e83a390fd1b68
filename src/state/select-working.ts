// What long work is under way, in the words of a title: what, and how far.

import type { Ratio } from "../core/tensor.ts";
import type { Phase } from "../engine/api.ts";
import { memoise } from "./memoise.ts";
import type { StudioState } from "./store.ts";
import type { Work } from "./work-slice.ts";

/** The way of a search, as a person sees it. */
export const searchWay: readonly { readonly label: string; readonly phases: readonly Phase[] }[] = [
  { label: "Calibrate and prune", phases: ["load", "calibrate", "factor"] },
  { label: "Baselines", phases: ["reference", "baseline"] },
  { label: "Search", phases: ["search"] },
  { label: "Compare", phases: ["validation", "held-out"] },
];

const works: Readonly<Record<Work["kind"], string>> = {
  sensitivity: "Sensitivity",
  sweep: "Sweep",
  bank: "Prepare",
  evaluation: "Evaluation",
};

export interface Working {
  readonly what: "search" | Work["kind"];
  /** "Search, paused" */
  readonly label: string;
  readonly share: Ratio;
  /** A person has ended it. */
  readonly stopping: boolean;
}

export const selectWorking = memoise(
  ({ run, work }: StudioState) => [run.phase, run.progress, work] as const,
  (phase, progress, work): Working | undefined => {
    const shareOf = (at: typeof progress) => (at ? at.done / Math.max(1, at.total) : 0);
    if (work) {
      const { kind, stopping } = work;
      return { what: kind, label: works[kind], share: shareOf(work.progress), stopping };
    }
    if (phase === "idle") return undefined;
    const stretch = searchWay.find(({ phases }) => progress && phases.includes(progress.phase))?.label ?? "Search";
    const held = { running: "", paused: ", paused", stopping: ", stopping" }[phase];
    return { what: "search", label: `${stretch}${held}`, share: shareOf(progress), stopping: phase === "stopping" };
  },
);
