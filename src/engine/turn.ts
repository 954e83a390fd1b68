// Work that one tab or process does at a time. Whoever waits says so again and again: a verb that stays silent is taken
// for dead (bridge/connect.ts).

import type { Milliseconds } from "../core/tensor.ts";
import type { Exclusive } from "../storage/storage.ts";

const EVERY: Milliseconds = 2000;

/**
 * Runs `work` when nobody else does work of that name.
 * @param say what is told while somebody does
 */
export async function inTurn<T, E>(
  exclusive: Exclusive,
  name: string,
  work: () => Promise<T>,
  say: () => Promise<E>,
  on: (event: E) => void,
  signal: AbortSignal,
): Promise<T> {
  let waiting: ReturnType<typeof setInterval> | undefined;
  const stop = () => {
    clearInterval(waiting);
    waiting = undefined;
  };
  const tell = async () => {
    const event = await say();
    if (waiting) on(event);
  };
  const onWait = () => {
    const repeat = () => void tell().catch(() => {}); // what is wrong with the storage, the work will say
    waiting = setInterval(repeat, EVERY);
    repeat();
  };
  const alone = () => {
    stop();
    return work();
  };
  try {
    return await exclusive(name, alone, signal, onWait);
  } finally {
    stop();
  }
}
