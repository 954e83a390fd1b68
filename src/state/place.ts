// Where the page keeps small things: settings in the address and in local storage, which survives evictions of
// IndexedDB. Injected, so that the store is tested without a browser.

export interface Place {
  /** Without the "#". */
  readHash(): string;
  writeHash(hash: string): void;
  recall(key: string): string | undefined;
  keep(key: string, value: string): void;
}

/** A private window may refuse local storage; settings then live as long as the page. */
export function browserPlace(window: Window): Place {
  const attempt = <T>(action: () => T): T | undefined => {
    try {
      return action();
    } catch {
      return undefined;
    }
  };
  return {
    readHash: () => window.location.hash.slice(1),
    writeHash(hash) {
      const { pathname, search } = window.location;
      window.history.replaceState(null, "", `${pathname}${search}${hash ? `#${hash}` : ""}`);
    },
    recall: (key) => attempt(() => window.localStorage.getItem(`diff-es/${key}`)) ?? undefined,
    keep: (key, value) => attempt(() => window.localStorage.setItem(`diff-es/${key}`, value)),
  };
}

export function memoryPlace(hash = ""): Place {
  const kept = new Map<string, string>();
  let current = hash;
  return {
    readHash: () => current,
    writeHash: (next) => {
      current = next;
    },
    recall: (key) => kept.get(key),
    keep: (key, value) => void kept.set(key, value),
  };
}
