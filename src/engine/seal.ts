// A record with its SHA-256 behind it, so that a torn or damaged one is recognised.

import { sha256 } from "../formats/hash.ts";

const SEAL_BYTES = 32;

export async function seal(bytes: Uint8Array): Promise<Uint8Array> {
  const sealed = new Uint8Array(bytes.byteLength + SEAL_BYTES);
  sealed.set(bytes);
  sealed.set(await digest(bytes), bytes.byteLength);
  return sealed;
}

/** Undefined when the record is not what was sealed. */
export async function unseal(sealed: Uint8Array): Promise<Uint8Array | undefined> {
  const bytes = sealed.subarray(0, Math.max(0, sealed.byteLength - SEAL_BYTES));
  const expected = await digest(bytes);
  return expected.every((byte, index) => byte === sealed[bytes.byteLength + index]) ? bytes : undefined;
}

export function sealJson(value: unknown): Promise<Uint8Array> {
  return seal(new TextEncoder().encode(JSON.stringify(value)));
}

/** Undefined when there is no record, or not what was sealed: whoever asks makes it again. */
export async function unsealJson<T>(sealed: Uint8Array | undefined): Promise<T | undefined> {
  const bytes = sealed && (await unseal(sealed));
  return bytes && (JSON.parse(new TextDecoder().decode(bytes)) as T);
}

/** The digest behind a sealed record, as hex. */
export function sealOf(sealed: Uint8Array): string {
  return Array.from(sealed.subarray(-SEAL_BYTES), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The platform's own is ten times faster and works beside this thread, but pages without HTTPS lack it. */
async function digest(bytes: Uint8Array): Promise<Uint8Array> {
  const subtle = globalThis.crypto?.subtle;
  if (subtle) return new Uint8Array(await subtle.digest("SHA-256", bytes as Uint8Array<ArrayBuffer>));
  return Uint8Array.from(sha256(bytes).match(/../g) as string[], (pair) => Number.parseInt(pair, 16));
}
