// What a link says after its "#": the view, and everything else in the settings' own form (settings.ts).

import { isView, START, type ViewId } from "./views.ts";

export interface Address {
  readonly view: ViewId;
  /** For `decodeSettings`; empty when the link says nothing of them. */
  readonly settings: string;
}

/** A view that there is not is the one that a visit starts with. */
export function readAddress(hash: string): Address {
  const parts = new URLSearchParams(hash);
  const view = parts.get("view");
  parts.delete("view");
  return { view: view !== null && isView(view) ? view : START, settings: parts.toString() };
}

export function writeAddress({ view, settings }: Address): string {
  return [view === START ? "" : `view=${view}`, settings].filter(Boolean).join("&");
}
