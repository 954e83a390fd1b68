// A bank's records as bytes. A record is the factor of one layer or, in a bank of block orders, the order of one stage;
// its arrays are "{record}/{part}" in a safetensors file, which may hold several. The triangle of a factor may be stored
// in half precision; the record then says what that cost.

import { StudioError } from "../core/errors.ts";
import { decodeFactor, encodeFactor, type Factor } from "../core/factor.ts";
import type { AnyTensor } from "../core/tensor.ts";
import { fromHalves, toHalves } from "../formats/float16.ts";
import {
  readSafetensors,
  type SafetensorsEntry,
  toFloat32,
  toInt32,
  writeSafetensors,
} from "../formats/safetensors.ts";
import type { StorageError } from "./api.ts";
import { seal, sealOf, unseal } from "./seal.ts";

/** An order holds blocks, least important first. */
export type BankRecord = Factor | Int32Array;

/** The one record of a stage that has no layers. */
export const BLOCKS = "blocks";

/** Arrays of one record in the order in which they are written; values of one marked F16 are halves already. */
export type Parts = ReadonlyMap<string, Part>;
type Part = AnyTensor & { readonly dtype?: "F16" };

/** [largest, root mean square] difference to float32, each over that of the values: see StorageError. */
const HALF_ERROR = "halfError";

/** With `half`, a triangle that half precision can hold is rounded to it. */
export function partsOf(record: BankRecord, half: boolean): Parts {
  if (record instanceof Int32Array) return new Map([["order", { shape: [record.length], data: record }]]);
  const parts = new Map<string, Part>(Object.entries(encodeFactor(record)));
  const rounded = half && record.lower.length > 0 ? toHalfPrecision(record.lower) : undefined;
  if (!rounded) return parts;
  return parts
    .set("lower", { shape: [record.lower.length], data: rounded.values, dtype: "F16" })
    .set(HALF_ERROR, { shape: [2], data: rounded.error });
}

/** Undefined when a value is beyond the range. */
function toHalfPrecision(values: Float32Array): { values: Float32Array; error: Float32Array } | undefined {
  const rounded = fromHalves(toHalves(values));
  let [worst, largest, errors, squares] = [0, 0, 0, 0];
  for (const [i, value] of values.entries()) {
    const difference = Math.abs((rounded[i] as number) - value);
    if (difference === Infinity) return undefined;
    worst = Math.max(worst, difference);
    largest = Math.max(largest, Math.abs(value));
    errors += difference ** 2;
    squares += value ** 2;
  }
  return { values: rounded, error: Float32Array.of(worst / (largest || 1), Math.sqrt(errors / (squares || 1))) };
}

/** What half precision cost a record of a bank that asks for it. */
export function storageErrorOf(parts: Parts): StorageError {
  const lower = parts.get("lower");
  const [max = 0, rms = 0] = parts.get(HALF_ERROR)?.data ?? [];
  return { max, rms, wide: lower && lower.data.length > 0 && lower.dtype !== "F16" ? 1 : 0 };
}

/** @throws corrupt-data saying which array is wrong */
export function recordOf(name: string, parts: Parts): BankRecord {
  const order = parts.get("order");
  if (parts.size === 1 && order?.data instanceof Int32Array) return order.data;
  return decodeFactor(Object.fromEntries(parts), name);
}

export function encodeRecords(records: Iterable<readonly [string, Parts]>): Uint8Array {
  const entries = [...records].flatMap(([record, parts]) =>
    [...parts].map(([part, value]) => [`${record}/${part}`, value] as const),
  );
  return writeSafetensors(entries);
}

/** By name. @throws corrupt-data */
export function decodeRecords(bytes: Uint8Array): Map<string, Parts> {
  const records = new Map<string, Map<string, Part>>();
  for (const [name, entry] of readSafetensors(bytes).tensors) {
    const slash = name.lastIndexOf("/");
    const record = name.slice(0, slash);
    const parts = records.get(record) ?? new Map<string, Part>();
    records.set(record, parts.set(name.slice(slash + 1), typed(entry)));
  }
  return records;
}

export function sealRecord(name: string, parts: Parts): Promise<Uint8Array> {
  return seal(encodeRecords([[name, parts]]));
}

export interface OpenedRecord {
  readonly parts: Parts;
  readonly record: BankRecord;
  /** SHA-256 of its bytes, hex. */
  readonly sha256: string;
}

/** Undefined when the record is damaged or of another form. */
export async function openRecord(name: string, sealed: Uint8Array): Promise<OpenedRecord | undefined> {
  const bytes = await unseal(sealed);
  if (!bytes) return undefined;
  try {
    const parts = decodeRecords(bytes).get(name);
    return parts && { parts, record: recordOf(name, parts), sha256: sealOf(sealed) };
  } catch (error) {
    if (error instanceof StudioError && error.code === "corrupt-data") return undefined;
    throw error;
  }
}

function typed(entry: SafetensorsEntry): Part {
  const { shape } = entry;
  if (entry.dtype === "I32") return { shape, data: toInt32(entry) };
  return { shape, data: toFloat32(entry), ...(entry.dtype === "F16" && { dtype: "F16" }) };
}
