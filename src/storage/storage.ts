// Port to what outlives the process: IndexedDB in the page, a folder in Node, a map in tests.
// A call to `put` is atomic: all of its entries are stored, or none; they share their concern.

import type { Bytes } from "../core/tensor.ts";

/** The first part names the concern: "weights", "bank" or "runs". */
export type Key = readonly (string | number)[];

export interface Storage {
  /** Undefined when absent. */
  get(key: Key): Promise<Uint8Array | undefined>;
  /** @throws storage-full; what was stored before stays. */
  put(entries: readonly (readonly [Key, Uint8Array])[]): Promise<void>;
  /** Keys that begin with `prefix`, in key order. */
  list(prefix: Key): Promise<Key[]>;
  /** Removes every key that begins with `prefix`. */
  remove(prefix: Key): Promise<void>;
  /** How long data stays: "persistent", "best-effort" (the browser may evict it) or "memory". */
  readonly durability: "persistent" | "best-effort" | "memory";
  /** A forecast, not a promise (browsers report an artificial quota). */
  freeBytes(): Promise<Bytes | undefined>;
  close(): Promise<void>;
}
