// Work of one name, one piece after the other within this thread: what storage that ends with the process offers, and
// what a page without Web Locks falls back to.

import type { Exclusive } from "./storage.ts";

export function createTurns(): Exclusive {
  /** By name: settles when the last one in the queue is through. */
  const tails = new Map<string, Promise<void>>();

  return async (name, work, signal, onWait) => {
    signal.throwIfAborted();
    const before = tails.get(name);
    let leave = () => {};
    const left = new Promise<void>((resolve) => {
      leave = resolve;
    });
    // Whoever gives up waiting does not let the next one in early.
    const tail = Promise.all([before, left]).then(() => {
      if (tails.get(name) === tail) tails.delete(name);
    });
    tails.set(name, tail);
    try {
      if (before) {
        onWait();
        await unlessAborted(before, signal);
      }
      return await work();
    } finally {
      leave();
    }
  };
}

/** @throws the signal's reason as soon as it is aborted */
export async function unlessAborted<T>(awaited: Promise<T>, signal: AbortSignal): Promise<T> {
  let stopListening = () => {};
  const aborted = new Promise<never>((_, reject) => {
    const onAbort = () => reject(signal.reason);
    if (signal.aborted) onAbort();
    signal.addEventListener("abort", onAbort);
    stopListening = () => signal.removeEventListener("abort", onAbort);
  });
  try {
    return await Promise.race([awaited, aborted]);
  } finally {
    stopListening();
  }
}
