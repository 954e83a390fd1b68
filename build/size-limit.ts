// Static hosts refuse files above a size, 25 MiB being the smallest limit of the common ones.

import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { Plugin } from "vite";
import { filesOf } from "./files.ts";

/** Fails the build when a file of it is larger than `limit` bytes. */
export function sizeLimit(limit: number): Plugin {
  return {
    name: "size-limit",
    async writeBundle({ dir = "dist" }) {
      for (const name of await filesOf(dir)) {
        const { size } = await stat(join(dir, name));
        if (size > limit) this.error(`${name} has ${size} bytes; static hosts take ${limit} at most: pack or split it`);
      }
    },
  };
}
