// Static hosts refuse files above a size, 25 MiB being the smallest limit of the common ones.

import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Plugin } from "vite";

/** Fails the build when a file of it, or of the public folder, is larger than `limit` bytes. */
export function sizeLimit(limit: number): Plugin {
  return {
    name: "size-limit",
    async writeBundle({ dir = "dist" }) {
      for (const name of await readdir(dir, { recursive: true })) {
        const { size } = await stat(join(dir, name));
        if (size > limit) this.error(`${name} has ${size} bytes; static hosts take ${limit} at most: pack or split it`);
      }
    },
  };
}
