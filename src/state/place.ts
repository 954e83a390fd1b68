// Where the page keeps small things: view and settings in the address and in local storage, which survives evictions of
// IndexedDB. Injected, so that the store is tested without a browser.

export interface Place {
  /** Without the "#". */
  readHash(): string;
  /** Changes the current entry of the history. */
  writeHash(hash: string): void;
  /** Adds an entry, which going back leaves again. */
  pushHash(hash: string): void;
  /** Calls back after a person went back or forward, or followed a link to another hash in the same tab. */
  follow(arrived: (how: "back" | "link") => void): void;
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
  const { history, location } = window;
  const address = (hash: string) => `${location.pathname}${location.search}${hash ? `#${hash}` : ""}`;
  // Entries of the page are marked: one without the mark was made by a link.
  history.replaceState("studio", "");
  return {
    readHash: () => location.hash.slice(1),
    writeHash: (hash) => history.replaceState("studio", "", address(hash)),
    pushHash: (hash) => history.pushState("studio", "", address(hash)),
    follow(arrived) {
      window.addEventListener("popstate", ({ state }) => {
        if (state === null) history.replaceState("studio", "");
        arrived(state === null ? "link" : "back");
      });
    },
    recall: (key) => attempt(() => window.localStorage.getItem(`diff-es/${key}`)) ?? undefined,
    keep: (key, value) => attempt(() => window.localStorage.setItem(`diff-es/${key}`, value)),
  };
}

export interface MemoryPlace extends Place {
  /** The history, the current entry last. */
  readonly entries: readonly string[];
  back(): void;
  openLink(hash: string): void;
}

export function memoryPlace(hash = ""): MemoryPlace {
  const kept = new Map<string, string>();
  const entries = [hash];
  let arrived: (how: "back" | "link") => void = () => {};
  return {
    entries,
    readHash: () => entries.at(-1) ?? "",
    writeHash: (next) => void entries.splice(-1, 1, next),
    pushHash: (next) => void entries.push(next),
    follow: (callback) => {
      arrived = callback;
    },
    recall: (key) => kept.get(key),
    keep: (key, value) => void kept.set(key, value),
    back() {
      if (entries.length > 1) entries.pop();
      arrived("back");
    },
    openLink(next) {
      entries.push(next);
      arrived("link");
    },
  };
}
