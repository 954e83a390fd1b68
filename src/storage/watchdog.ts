// Calls that a browser may never answer, as IndexedDB does on a full disk: each is tried twice, within one patience.

import type { Milliseconds, Ratio } from "../core/tensor.ts";

/** What a call that nobody answered in time ends with. */
export class Silence extends Error {}

/** Of the patience: a connection that is silent for so long is tried no longer, but a new one. */
const FIRST: Ratio = 0.3;

/** Runs `attempt`, and once more on a new connection when the browser had closed the old one or did not answer on it. */
export async function watched<T>(attempt: () => Promise<T>, patience: Milliseconds, reopen: () => void): Promise<T> {
  try {
    return await inTime(attempt, FIRST * patience);
  } catch (error) {
    reopen();
    if (!(error instanceof Silence) && !isClosed(error)) throw error;
  }
  try {
    return await inTime(attempt, (1 - FIRST) * patience);
  } catch (error) {
    reopen();
    throw error;
  }
}

/** @throws Silence when there is no answer within `patience` */
async function inTime<T>(attempt: () => Promise<T>, patience: Milliseconds): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Silence()), patience);
  });
  try {
    return await Promise.race([attempt(), silence]);
  } finally {
    clearTimeout(timer);
  }
}

/** Of what was thrown, whatever that is. */
export const nameOf = (error: unknown) => (error instanceof DOMException || error instanceof Error ? error.name : "");
const isClosed = (error: unknown) => ["InvalidStateError", "AbortError", "UnknownError"].includes(nameOf(error));
