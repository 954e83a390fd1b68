// A bank's records as bytes. A record is the factor of one layer or, in a bank of block orders, the order of one stage;
// its arrays are "{record}/{part}" in a safetensors file, which may hold several.

import { decodeFactor, encodeFactor, type Factor } from "../core/factor.ts";
import type { AnyTensor } from "../core/tensor.ts";
import {
  readSafetensors,
  type SafetensorsEntry,
  toFloat32,
  toInt32,
  writeSafetensors,
} from "../formats/safetensors.ts";

/** An order holds blocks, least important first. */
export type BankRecord = Factor | Int32Array;

/** The one record of a stage that has no layers. */
export const BLOCKS = "blocks";

/** Arrays of one record in the order in which they are written. */
export type Parts = ReadonlyMap<string, AnyTensor>;

export function partsOf(record: BankRecord): Parts {
  if (record instanceof Int32Array) return new Map([["order", { shape: [record.length], data: record }]]);
  return new Map(Object.entries(encodeFactor(record)));
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
  const records = new Map<string, Map<string, AnyTensor>>();
  for (const [name, entry] of readSafetensors(bytes).tensors) {
    const slash = name.lastIndexOf("/");
    const record = name.slice(0, slash);
    const parts = records.get(record) ?? new Map<string, AnyTensor>();
    records.set(record, parts.set(name.slice(slash + 1), typed(entry)));
  }
  return records;
}

function typed(entry: SafetensorsEntry): AnyTensor {
  const { shape } = entry;
  return entry.dtype === "I32" ? { shape, data: toInt32(entry) } : { shape, data: toFloat32(entry) };
}
