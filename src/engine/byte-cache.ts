// Keeps what was used last within a budget of bytes. The newest entry always stays, even when it alone is larger.

import type { Bytes } from "../core/tensor.ts";

export class ByteCache<T> {
  readonly #budget: Bytes;
  readonly #discard: (value: T) => void;
  /** Insertion order is use order: oldest first. */
  readonly #entries = new Map<string, { readonly value: T; readonly bytes: Bytes }>();
  #bytes: Bytes = 0;

  constructor(budget: Bytes, discard: (value: T) => void = () => {}) {
    this.#budget = budget;
    this.#discard = discard;
  }

  /** Does not count as a use. */
  has(key: string): boolean {
    return this.#entries.has(key);
  }

  get(key: string): T | undefined {
    const entry = this.#entries.get(key);
    if (!entry) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry.value;
  }

  set(key: string, value: T, bytes: Bytes): void {
    this.delete(key);
    this.#entries.set(key, { value, bytes });
    this.#bytes += bytes;
    for (const oldest of this.#entries.keys()) {
      if (this.#bytes <= this.#budget || oldest === key) break;
      this.delete(oldest);
    }
  }

  clear(): void {
    for (const key of [...this.#entries.keys()]) this.delete(key);
  }

  delete(key: string): void {
    const entry = this.#entries.get(key);
    if (!entry) return;
    this.#entries.delete(key);
    this.#bytes -= entry.bytes;
    this.#discard(entry.value);
  }
}
