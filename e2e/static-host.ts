// The plainest host there is: files under a path, no headers beyond their type, and nothing else on its origin.

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".css": "text/css",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".wasm": "application/wasm",
};

export interface StaticHost {
  /** Where the page is; ends with a slash. */
  readonly address: string;
  /** Whatever was asked for and is not there. */
  readonly missing: readonly string[];
  /** From now on the file's text is served as `change` makes it of what is on the disk. */
  replace(name: string, change: (text: string) => string): void;
  /** Nobody answers any more. */
  close(): Promise<void>;
}

/** @param path under which the files of `folder` are, such as "/some/path/" */
export async function staticHost(path: string, folder = "dist"): Promise<StaticHost> {
  const missing: string[] = [];
  const changes = new Map<string, (text: string) => string>();
  const server = createServer(async ({ url = "" }, answer) => {
    const { pathname } = new URL(url, "http://host");
    const name = pathname === path ? "index.html" : normalize(pathname.slice(path.length));
    try {
      if (!pathname.startsWith(path) || name.startsWith("..")) throw new Error("outside");
      const bytes = await readFile(join(folder, name));
      const change = changes.get(name);
      answer.setHeader("Content-Type", TYPES[extname(name)] ?? "application/octet-stream");
      answer.end(change ? change(String(bytes)) : bytes);
    } catch {
      missing.push(pathname);
      answer.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "localhost", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    address: `http://localhost:${port}${path}`,
    missing,
    replace: (name, change) => void changes.set(name, change),
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
