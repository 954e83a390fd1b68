// A mirror that ends with the test.

import type { Mirror } from "../storage/storage.ts";

export function memoryMirror(): Mirror & { readonly texts: Map<string, string> } {
  const texts = new Map<string, string>();
  return {
    texts,
    get: async (key) => texts.get(key),
    set: async (key, text) => void texts.set(key, text),
    remove: async (key) => void texts.delete(key),
  };
}
