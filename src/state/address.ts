// What a link says after its "#": the view, the schedule that is edited, and everything else in the settings' own form
// (settings.ts).

import type { Level } from "../core/tensor.ts";
import { linkedLevels, parseLevels } from "./schedule-text.ts";
import { isView, START, type ViewId } from "./views.ts";

export interface Address {
  readonly view: ViewId;
  /** In sampling order; undefined when nothing was edited. */
  readonly levels: readonly Level[] | undefined;
  /** Whether they may be off the budget. */
  readonly free: boolean;
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
  const [view, text, free] = [take("view"), take("levels"), take("free")];
  const rest = {
    view: view !== undefined && isView(view) ? view : START,
    free: free === "true",
    settings: parts.toString(),
  };
  try {
    return { ...rest, levels: text === undefined ? undefined : parseLevels(text), problems: [] };
  } catch (error) {
    return { ...rest, levels: undefined, problems: [(error as Error).message] };
  }
}

export function writeAddress({ view, levels, free, settings }: Address): string {
  const parts = [
    view === START ? "" : `view=${view}`,
    levels ? `levels=${linkedLevels(levels)}` : "",
    free ? "free=true" : "",
    settings,
  ];
  return parts.filter(Boolean).join("&");
}
