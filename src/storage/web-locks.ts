// Turns among tabs. A lock goes back when its tab or worker ends, however it ends; browsers do not freeze a hidden tab
// that holds a lock which another one waits for.

import type { Exclusive } from "./storage.ts";
import { createTurns } from "./turns.ts";

/** Pages without HTTPS have no Web Locks; there, only this tab's own work takes turns. */
const ownTurns = createTurns();

const TAKEN = Symbol("taken");

export const inTurnAmongTabs: Exclusive = async (name, work, signal, onWait) => {
  const locks = typeof navigator === "undefined" ? undefined : navigator.locks;
  if (!locks) return ownTurns(name, work, signal, onWait);
  signal.throwIfAborted();
  // Asked twice, because only this way of asking tells whether there is something to wait for.
  const result = await locks.request(name, { ifAvailable: true }, async (lock) => (lock ? work() : TAKEN));
  if (result !== TAKEN) return result;
  onWait();
  return locks.request(name, { signal }, work);
};
