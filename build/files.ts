// What a build has written, the public folder included.

import { readdir } from "node:fs/promises";
import { join, relative, sep } from "node:path";

/** Paths from `folder` with slashes, in alphabetical order. */
export async function filesOf(folder: string): Promise<readonly string[]> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  return found
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => relative(folder, join(parentPath, name)).replaceAll(sep, "/"))
    .sort();
}
