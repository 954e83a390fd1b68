// The page's files, kept for when nobody answers. They are kept by the hash of their contents, so that versions share
// what has not changed, a version that waits disturbs none that serves, and an installation that broke off goes on.

import type { OfflineFile } from "./files.ts";

/** What is needed of a Cache. */
export type Shelf = Pick<Cache, "match" | "put" | "keys" | "delete">;

export interface KeeperOptions {
  /** All of one version. */
  readonly files: readonly OfflineFile[];
  /** The page's folder; ends with a slash. */
  readonly scope: string;
  open(): Promise<Shelf>;
  fetch(address: string | Request, init?: RequestInit): Promise<Response>;
}

export interface Keeper {
  /**
   * Fetches what is not kept yet: the files that everybody needs, and those of a backend. Rejects when one cannot be had
   * or is of another version; the others stay.
   */
  keep(backend?: string): Promise<void>;
  /** Forgets the files of other versions. */
  tidy(): Promise<void>;
  /** Undefined for what is no file of the page: the browser then asks the server as ever. */
  answer(request: Request): Promise<Response> | undefined;
}

/** Isolate a page, without which browsers give WASM no threads. */
const ISOLATION = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
  "Cross-Origin-Resource-Policy": "same-origin",
} as const;

export function createKeeper({ files, scope, open, fetch }: KeeperOptions): Keeper {
  const keyOf = ({ name, hash }: OfflineFile) => `${scope}${name}?${encodeURIComponent(hash)}`;
  const byName = new Map(files.map((file) => [file.name, file]));

  async function bring(file: OfflineFile): Promise<Response> {
    const { name, hash } = file;
    const response = await fetch(`${scope}${name}`, {
      // The names of assets change with their contents, so that one which the first visit has loaded is not asked for again.
      cache: name.startsWith("assets/") ? "default" : "no-cache",
      // Some hosts write into a page that they serve.
      ...(name !== "" && { integrity: `sha256-${hash}` }),
    });
    if (!response.ok) throw new Error(`${scope}${name}: the server says ${response.status}`);
    return response;
  }

  return {
    async keep(chosen) {
      const shelf = await open();
      const wanted = files.filter(({ backend }) => backend === undefined || backend === chosen);
      await Promise.all(
        wanted.map(async (file) => {
          if (!(await shelf.match(keyOf(file)))) await shelf.put(keyOf(file), isolated(await bring(file)));
        }),
      );
    },
    async tidy() {
      const shelf = await open();
      const kept = new Set(files.map(keyOf));
      await Promise.all((await shelf.keys()).map(({ url }) => kept.has(url) || shelf.delete(url)));
    },
    answer(request) {
      const { origin, pathname } = new URL(request.url);
      const address = `${origin}${pathname}`;
      if (request.method !== "GET" || !address.startsWith(scope)) return undefined;
      const name = address.slice(scope.length);
      const file = byName.get(name === "index.html" ? "" : name);
      return file && open().then(async (shelf) => (await shelf.match(keyOf(file))) ?? isolated(await fetch(request)));
    },
  };
}

/**
 * The same for a page that wants to be isolated; what a server says of it stays. A response that is made here has no
 * address, so that a worker keeps the one that it was started with.
 */
function isolated(response: Response): Response {
  if (!response.ok) return response;
  const headers = new Headers(response.headers);
  for (const [name, value] of Object.entries(ISOLATION)) if (!headers.has(name)) headers.set(name, value);
  return new Response(response.body, { headers });
}
