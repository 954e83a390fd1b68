// SHA-256 of bytes, synchronous so that pure code may use it (WebCrypto is not).

import { sha256 as digest } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";

/** Lower-case hex of the SHA-256 of one array, or of several as if they were one. */
export function sha256(bytes: Uint8Array | readonly Uint8Array[]): string {
  const hash = digest.create();
  for (const part of bytes instanceof Uint8Array ? [bytes] : bytes) hash.update(part);
  return bytesToHex(hash.digest());
}

/** Of what JSON makes of a value: equal values hash equally when their fields come in one order. */
export function sha256Json(value: unknown): string {
  return sha256(new TextEncoder().encode(JSON.stringify(value)));
}
