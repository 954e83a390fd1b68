// One name and one colour per schedule. Everything else about colour, type and space lives in theme.css as custom
// properties; the scales of levels and losses are core/colour-scales.ts.

import { scheduleNames } from "../report/names.ts";
import type { RowId } from "../state/samples-slice.ts";

export interface ScheduleLook {
  readonly label: string;
  /** Where the schedule comes from, for a person who sees it for the first time. */
  readonly help: string;
  readonly colour: string;
}

export const looks: Readonly<Record<RowId, ScheduleLook>> = {
  dense: { label: scheduleNames.dense, help: "Nothing removed: the reference.", colour: "var(--dense)" },
  uniform: { label: scheduleNames.uniform, help: "Every stage pruned equally.", colour: "var(--uniform)" },
  mosaic: {
    label: scheduleNames.mosaic,
    help: "Three stages set by a hand-made rule, reconstructed from the paper's text.",
    colour: "var(--mosaic)",
  },
  searched: {
    label: scheduleNames.searched,
    help: "Found by the search under the same budget.",
    colour: "var(--searched)",
  },
  candidate: { label: "Candidate", help: "Picked out of all that were scored.", colour: "var(--ink-3)" },
  yours: { label: scheduleNames.yours, help: "Set by hand.", colour: "var(--yours)" },
};
