// The outcome in words. A difference counts only when its whole 95 % interval lies on one side of zero.

import type { Difference, Verdict } from "../engine/api.ts";

export type Outcome = "better" | "worse" | "open";

export function outcomeOf({ low, high }: Difference): Outcome {
  return low !== null && low > 0 ? "better" : high !== null && high < 0 ? "worse" : "open";
}

export function headline({ againstUniform, againstMosaic }: Verdict): string {
  const [uniform, mosaic] = [outcomeOf(againstUniform), outcomeOf(againstMosaic)];
  if (uniform === mosaic) {
    if (uniform === "better") return "The searched schedule beats uniform and MosaicDiff";
    if (uniform === "worse") return "The searched schedule is worse than uniform and MosaicDiff";
    return "No difference found";
  }
  const parts = { better: "better than", worse: "worse than", open: "no difference found against" } as const;
  const text = `${parts[uniform]} uniform, ${parts[mosaic]} MosaicDiff`;
  return uniform === "open" ? `N${text.slice(1)}` : `Searched is ${text}`;
}
