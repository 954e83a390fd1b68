// What a link says after its "#": the view, the schedule that is edited, those that are compared, and everything else in the settings' own form
// (settings.ts).

import type { Level } from "../core/tensor.ts";
import { linkedSides, parseSides } from "./linked-sides.ts";
import { linkedLevels, parseLevels } from "./schedule-text.ts";
import type { SideId } from "./select-comparands.ts";
import { isView, START, type ViewId } from "./views.ts";

export interface Address {
  readonly view: ViewId;
  /** In sampling order; undefined when nothing was edited. */
  readonly levels: readonly Level[] | undefined;
  /** Whether they may be off the budget. */
  readonly free: boolean;
  /** The schedules that are compared; undefined for those that are unless somebody chose. */
  readonly sides: readonly SideId[] | undefined;
  /** For `decodeSettings`; empty when the link says nothing of them. */
  readonly settings: string;
}

/** A view that there is not is the one that a visit starts with; levels that are none are a problem. */
export function readAddress(hash: string): Address & { readonly problems: readonly string[] } {
  const parts = new URLSearchParams(hash);
  const take = (key: string) => {
    const text = parts.get(key);
    parts.delete(key);
    return text ?? undefined;
  };
  const [view, levels, free, sides] = [take("view"), take("levels"), take("free"), take("sides")];
  const problems: string[] = [];
  /** Undefined for what is not there, or cannot be used. */
  const attempt = <T>(text: string | undefined, parse: (text: string) => T): T | undefined => {
    try {
      return text === undefined ? undefined : parse(text);
    } catch (error) {
      problems.push((error as Error).message);
      return undefined;
    }
  };
  return {
    view: view !== undefined && isView(view) ? view : START,
    levels: attempt(levels, parseLevels),
    free: free === "true",
    sides: attempt(sides, parseSides),
    settings: parts.toString(),
    problems,
  };
}

export function writeAddress({ view, levels, free, sides, settings }: Address): string {
  const parts = [
    view === START ? "" : `view=${view}`,
    levels ? `levels=${linkedLevels(levels)}` : "",
    free ? "free=true" : "",
    sides ? `sides=${linkedSides(sides)}` : "",
    settings,
  ];
  return parts.filter(Boolean).join("&");
}
