// Work of one name, one piece after the other within this thread: what storage that ends with the process offers, and
// what a page without Web Locks falls back to.

import type { Exclusive } from "./storage.ts";

export function createTurns(): Exclusive {
  /** By name, while somebody is at work: how to call those who wait, first come first served. */
  const queues = new Map<string, (() => void)[]>();

  const leave = (name: string) => {
    const next = queues.get(name)?.shift();
    if (next) next();
    else queues.delete(name);
  };

  const wait = async (name: string, queue: (() => void)[], signal: AbortSignal) => {
    let call = () => {};
    const called = new Promise<void>((resolve) => {
      call = resolve;
    });
    queue.push(call);
    try {
      await unlessAborted(called, signal);
    } catch (error) {
      const place = queue.indexOf(call);
      if (place >= 0) queue.splice(place, 1);
      else leave(name); // called in the moment of giving up
      throw error;
    }
  };

  return async (name, work, signal, onWait) => {
    signal.throwIfAborted();
    const queue = queues.get(name);
    if (queue) {
      onWait();
      await wait(name, queue, signal);
    } else queues.set(name, []);
    try {
      return await work();
    } finally {
      leave(name);
    }
  };
}

/** @throws the signal's reason as soon as it is aborted */
async function unlessAborted<T>(awaited: Promise<T>, signal: AbortSignal): Promise<T> {
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
