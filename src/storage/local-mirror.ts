// A mirror in the page's local storage, which outlives an eviction of IndexedDB. Workers have none, so the page lends it.

import type { Mirror } from "./storage.ts";

/** @param values the page's, which a private window may refuse to give: asked for at every call */
export function localMirror(values: () => globalThis.Storage): Mirror {
  const name = (key: string) => `diff-es/mirror/${key}`;
  return {
    async get(key) {
      return values().getItem(name(key)) ?? undefined;
    },
    async set(key, text) {
      values().setItem(name(key), text);
    },
    async remove(key) {
      values().removeItem(name(key));
    },
  };
}
