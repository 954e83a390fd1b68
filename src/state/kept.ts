// Results of long work that a reload shows again: small enough for local storage, as JSON with the number of their form.

import type { Place } from "./place.ts";

/** Of all that is kept so: a change of form gets a new number, and what was kept before is forgotten. */
const VERSION = 1;

export function keepResult(place: Place, key: string, value: unknown): void {
  place.keep(key, JSON.stringify({ version: VERSION, value }));
}

/** Undefined when nothing was kept, or nothing that this page wrote. */
export function recallResult<T>(place: Place, key: string): T | undefined {
  try {
    const { version, value } = JSON.parse(place.recall(key) ?? "{}");
    return version === VERSION ? value : undefined;
  } catch {
    return undefined;
  }
}
