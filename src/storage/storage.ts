// Port to what outlives the process: IndexedDB in the page, a folder in Node, a map in tests.
// A call to `put` is atomic: all of its entries are stored, or none; they share their concern.

import type { Bytes } from "../core/tensor.ts";

/** The first part names the concern: one of keys.ts: "weights", "bank", "evaluations", "runs". */
export type Key = readonly (string | number)[];

/**
 * Runs `work` while nobody else who shares this storage, in whatever tab or process, runs work of the same name.
 * `onWait` is called once if somebody does; the signal ends the waiting, not the work. Who dies at work gives way.
 */
export type Exclusive = <T>(
  name: string,
  work: () => Promise<T>,
  signal: AbortSignal,
  onWait: () => void,
) => Promise<T>;

/** How long data stays; "best-effort" until the browser evicts it, "waiting" while it is not told because no disk answers. */
export type Durability = "persistent" | "best-effort" | "waiting" | "memory";

export interface Storage {
  /** Undefined when absent. */
  get(key: Key): Promise<Uint8Array | undefined>;
  /** Several values at once, in the order of their keys, which share their concern. */
  getMany(keys: readonly Key[]): Promise<(Uint8Array | undefined)[]>;
  /** @throws storage-full; what was stored before stays. */
  put(entries: readonly (readonly [Key, Uint8Array])[]): Promise<void>;
  /** Keys that begin with `prefix`, in key order. */
  list(prefix: Key): Promise<Key[]>;
  /** Bytes of all values whose keys begin with `prefix`. */
  size(prefix: Key): Promise<Bytes>;
  /** Removes every key that begins with `prefix`. */
  remove(prefix: Key): Promise<void>;
  readonly exclusive: Exclusive;
  readonly durability: Durability;
  /** A forecast, not a promise (browsers report an artificial quota). */
  freeBytes(): Promise<Bytes | undefined>;
  close(): Promise<void>;
}

/**
 * A few small texts that outlive the process apart from its storage: what is left when a browser evicts that. Any call
 * may fail.
 */
export interface Mirror {
  get(key: string): Promise<string | undefined>;
  set(key: string, text: string): Promise<void>;
  remove(key: string): Promise<void>;
}
