// What the folder storage and its locks share: names that tell whose they are, and files that may be absent.

import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";

/** Names that this process uses now. */
const mine = new Set<string>();

/** A new name, `{process id}-{its birth}-{anything}`, for what must not outlive its owner. */
export function claim(): string {
  const name = `${process.pid}-${birthOf(process.pid)}-${randomUUID()}`;
  mine.add(name);
  return name;
}

export function disclaim(name: string): void {
  mine.delete(name);
}

/** False when the owner has ended or has let go of it: whoever finds the name may clean up behind it. */
export function isClaimed(name: string): boolean {
  const [owner = "", birth] = name.split("-");
  const id = Number(owner);
  if (id === process.pid) return mine.has(name);
  return isAlive(id) && birthOf(id) === birth;
}

/**
 * When a process began, in a form of its system's: numbers of processes are given again, after a restart most of all.
 * Empty where the system does not tell.
 */
export function birthOf(id: number): string {
  try {
    const stat = readFileSync(`/proc/${id}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? ""; // proc(5): field 22; a name may hold anything
  } catch {
    return "";
  }
}

function isAlive(id: number): boolean {
  try {
    return process.kill(id, 0);
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
