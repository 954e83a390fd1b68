// A file that is there whole or not at all, however its writer ends: a torn result would be taken for a stranger's file,
// and the same command refused.

import { rename, writeFile } from "node:fs/promises";

export async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  const aside = `${path}.part`;
  await writeFile(aside, content, { flush: true });
  await rename(aside, path);
}
