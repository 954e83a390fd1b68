// What was, what is, and what was taken back: undo and redo of one value. Immutable.

export interface History<T> {
  /** Oldest first. */
  readonly past: readonly T[];
  readonly now: T;
  /** The next one to bring back first. */
  readonly future: readonly T[];
}

/** Steps that can be taken back. */
const KEPT = 200;

export function begun<T>(now: T): History<T> {
  return { past: [], now, future: [] };
}

/** Whatever was taken back is forgotten. */
export function recorded<T>({ past, now }: History<T>, next: T): History<T> {
  return { past: [...past, now].slice(-KEPT), now: next, future: [] };
}

/** The same history where there is nothing to undo. */
export function undone<T>(history: History<T>): History<T> {
  const { past, now, future } = history;
  return past.length === 0 ? history : { past: past.slice(0, -1), now: past.at(-1) as T, future: [now, ...future] };
}

/** The same history where there is nothing to redo. */
export function redone<T>(history: History<T>): History<T> {
  const { past, now, future } = history;
  return future.length === 0 ? history : { past: [...past, now], now: future[0] as T, future: future.slice(1) };
}
