// What the folder storage and its locks share: names that tell whose they are, and files that may be absent.

import { randomUUID } from "node:crypto";

/** Names that this process uses now. */
const mine = new Set<string>();

/** A new name, `{process id}-{anything}`, for what must not outlive its owner. */
export function claim(): string {
  const name = `${process.pid}-${randomUUID()}`;
  mine.add(name);
  return name;
}

export function disclaim(name: string): void {
  mine.delete(name);
}

/** False when the owner has ended or has let go of it: whoever finds the name may clean up behind it. */
export function isClaimed(name: string): boolean {
  const owner = Number.parseInt(name, 10);
  if (owner === process.pid) return mine.has(name);
  try {
    return process.kill(owner, 0);
  } catch (error) {
    return codeOf(error) === "EPERM";
  }
}

/** Undefined when the file or folder is not there. */
export async function orAbsent<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}

export function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}
