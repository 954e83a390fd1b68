// Turns among processes that share a folder. A lock is a folder with one file in it, named after its holder. Renaming a
// folder onto another succeeds exactly when that one is absent or empty, so among many who try one wins; and because the
// file's name is the holder's own, whoever clears away a dead holder cannot hit the next one.

import { mkdir, readdir, rename, rm, rmdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import type { Milliseconds } from "../core/tensor.ts";
import { claim, codeOf, disclaim, isClaimed, orAbsent } from "./folder.ts";

/** Nobody is told when a lock is released: those who wait look again. */
const PAUSE: Milliseconds = 100;
/** How systems say that the folder is not empty; Windows says so of an empty one, too. */
const NOT_EMPTY = ["ENOTEMPTY", "EEXIST", "EPERM"];

/**
 * Runs `work` while no other process holds `lock`.
 * @param lock path of the lock
 * @param pending folder on the same disk for what is being made; what a killed process leaves there is cleared elsewhere
 */
export async function whileHolding<T>(
  lock: string,
  pending: string,
  work: () => Promise<T>,
  signal: AbortSignal,
  onWait: () => void,
): Promise<T> {
  signal.throwIfAborted();
  const holder = claim();
  const aside = join(pending, holder);
  try {
    await mkdir(dirname(lock), { recursive: true });
    await mkdir(aside);
    await writeFile(join(aside, holder), "");
    let told = false;
    while (!(await taken(aside, lock))) {
      const free = await cleared(lock);
      if (!free && !told) onWait();
      told ||= !free;
      await setTimeout(free ? 0 : PAUSE, undefined, { signal }).catch(() => signal.throwIfAborted());
    }
    return await work();
  } finally {
    await rm(aside, { recursive: true, force: true });
    await rm(join(lock, holder), { force: true });
    await removeEmpty(lock);
    disclaim(holder);
  }
}

async function taken(aside: string, lock: string): Promise<boolean> {
  try {
    await rename(aside, lock);
    return true;
  } catch (error) {
    if (NOT_EMPTY.includes(codeOf(error) ?? "")) return false;
    throw error;
  }
}

/** Takes what dead holders left; true when the lock is free now. */
async function cleared(lock: string): Promise<boolean> {
  const holders = (await orAbsent(readdir(lock))) ?? [];
  if (holders.some(isClaimed)) return false;
  for (const dead of holders) await rm(join(lock, dead), { force: true });
  await removeEmpty(lock);
  return true;
}

/** Somebody may have come first: to the removal, or to the lock. */
async function removeEmpty(folder: string): Promise<void> {
  try {
    await rmdir(folder);
  } catch (error) {
    if (![...NOT_EMPTY, "ENOENT"].includes(codeOf(error) ?? "")) throw error;
  }
}
