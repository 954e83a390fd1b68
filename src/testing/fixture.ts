// Reads what independent programs computed: safetensors files and numbers packed into JSON.

import { readFileSync } from "node:fs";
import type { Tensor } from "../core/tensor.ts";
import { readSafetensors, toFloat32, toInt32 } from "../formats/safetensors.ts";

/** float32, little endian, base64. */
export function unpack(base64: string): Float32Array {
  return new Float32Array(Uint8Array.from(Buffer.from(base64, "base64")).buffer);
}

export interface TensorFile {
  /** @throws Error when there is no such tensor */
  floats(name: string): Tensor;
  integers(name: string): Int32Array;
  /** All float tensors. */
  readonly table: ReadonlyMap<string, Tensor>;
}

/** @param path from the root of the repository */
export function readTensors(path: string): TensorFile {
  const { tensors } = readSafetensors(new Uint8Array(readFileSync(new URL(`../../${path}`, import.meta.url))));
  const find = (name: string) => {
    const entry = tensors.get(name);
    if (!entry) throw new Error(`${path}: there is no "${name}"`);
    return entry;
  };
  const floats = (name: string): Tensor => ({ shape: find(name).shape, data: toFloat32(find(name)) });
  const names = [...tensors.keys()].filter((name) => find(name).dtype.startsWith("F"));
  return {
    floats,
    integers: (name) => toInt32(find(name)),
    table: new Map(names.map((name) => [name, floats(name)])),
  };
}
