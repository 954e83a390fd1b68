// safetensors: an 8-byte little-endian header length, a JSON header, then raw little-endian tensors. The reader enforces
// what the reference reader enforces, because files come from strangers: offsets must be contiguous and complete, sizes
// exact, names may be anything (a Map keeps `__proto__` harmless).

import { StudioError } from "../core/errors.ts";
import { type Bytes, sizeOf, type TensorData } from "../core/tensor.ts";

export type DType = "F64" | "F32" | "F16" | "BF16" | "I64" | "I32" | "I16" | "I8" | "U8" | "BOOL";

const WIDTH: Readonly<Record<DType, Bytes>> = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  I64: 8,
  I32: 4,
  I16: 2,
  I8: 1,
  U8: 1,
  BOOL: 1,
};
const MAX_HEADER: Bytes = 100_000_000;

export interface SafetensorsEntry {
  readonly dtype: DType;
  readonly shape: readonly number[];
  /** Little-endian values; a view of the file. */
  readonly bytes: Uint8Array;
}

export interface SafetensorsFile {
  readonly tensors: ReadonlyMap<string, SafetensorsEntry>;
  readonly metadata: ReadonlyMap<string, string>;
}

/** @throws corrupt-data saying what is wrong, with the numbers */
export function readSafetensors(file: Uint8Array): SafetensorsFile {
  if (file.byteLength < 8) throw corrupt(`${file.byteLength} bytes are too few for a header`);
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const length = Number(view.getBigUint64(0, true));
  if (length > MAX_HEADER) throw corrupt(`the header claims ${length} bytes, the limit is ${MAX_HEADER}`);
  const start = 8 + length;
  if (start > file.byteLength)
    throw corrupt(`the header claims ${length} bytes, the file has ${file.byteLength - 8} after its length`);
  const header = parseHeader(file.subarray(8, start));

  const tensors = new Map<string, SafetensorsEntry>();
  let metadata: ReadonlyMap<string, string> = new Map();
  const spans: { name: string; dtype: DType; shape: readonly number[]; begin: number; end: number }[] = [];
  for (const [name, value] of header) {
    if (name === "__metadata__") metadata = readMetadata(value);
    else spans.push({ name, ...readSpan(name, value) });
  }
  spans.sort((a, b) => a.begin - b.begin || a.end - b.end);
  let position = 0;
  for (const { name, dtype, shape, begin, end } of spans) {
    if (begin !== position) throw corrupt(`"${name}" begins at ${begin}, expected ${position}: a hole or an overlap`);
    position = end;
    if (start + end > file.byteLength)
      throw corrupt(`"${name}" ends at byte ${start + end}, the file has ${file.byteLength}: it is truncated`);
    tensors.set(name, { dtype, shape, bytes: file.subarray(start + begin, start + end) });
  }
  if (start + position !== file.byteLength)
    throw corrupt(`${file.byteLength - start - position} bytes follow the last tensor`);
  return { tensors, metadata };
}

/** Values as float32. @throws corrupt-data for integers */
export function toFloat32({ dtype, bytes }: SafetensorsEntry): Float32Array {
  const count = bytes.byteLength / WIDTH[dtype];
  switch (dtype) {
    case "F32":
      return new Float32Array(aligned(bytes), 0, count);
    case "F64":
      return Float32Array.from(new Float64Array(aligned(bytes), 0, count));
    case "F16":
      return fromHalf(new Uint16Array(aligned(bytes), 0, count));
    case "BF16":
      return fromBrain(new Uint16Array(aligned(bytes), 0, count));
    default:
      throw corrupt(`expected floating-point values, found ${dtype}`);
  }
}

/** Values as int32. @throws corrupt-data for floating point, and for values beyond 32 bits */
export function toInt32({ dtype, bytes }: SafetensorsEntry): Int32Array {
  const count = bytes.byteLength / WIDTH[dtype];
  if (dtype === "I32") return new Int32Array(aligned(bytes), 0, count);
  if (dtype !== "I64") throw corrupt(`expected I64 or I32 values, found ${dtype}`);
  return Int32Array.from(new BigInt64Array(aligned(bytes), 0, count), (value) => {
    const number = Number(value);
    if (number !== (number | 0)) throw corrupt(`${value} does not fit in 32 bits`);
    return number;
  });
}

export interface Writable {
  readonly shape: readonly number[];
  readonly data: TensorData | Float64Array;
}

/** Float32, float64 and int32 arrays as F32, F64 and I32, in the given order, data aligned to 8 bytes. */
export function writeSafetensors(
  entries: Iterable<readonly [string, Writable]>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const header = new Map<string, unknown>();
  if (Object.keys(metadata).length > 0) header.set("__metadata__", metadata);
  const parts: Uint8Array[] = [];
  let position = 0;
  for (const [name, { shape, data }] of entries) {
    const dtype = data instanceof Float32Array ? "F32" : data instanceof Float64Array ? "F64" : "I32";
    if (sizeOf(shape) !== data.length) throw new Error(`safetensors: "${name}" does not fill [${shape.join(", ")}]`);
    header.set(name, { dtype, shape, data_offsets: [position, position + data.byteLength] });
    parts.push(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    position += data.byteLength;
  }
  const json = new TextEncoder().encode(
    `{${[...header].map(([k, v]) => `${JSON.stringify(k)}:${JSON.stringify(v)}`).join()}}`,
  );
  const padded = Math.ceil(json.byteLength / 8) * 8;
  const file = new Uint8Array(8 + padded + position).fill(0x20, 8 + json.byteLength, 8 + padded);
  new DataView(file.buffer).setBigUint64(0, BigInt(padded), true);
  file.set(json, 8);
  let at = 8 + padded;
  for (const part of parts) {
    file.set(part, at);
    at += part.byteLength;
  }
  return file;
}

/** Entries of the top object in order; JSON.parse alone would hide duplicates. */
function parseHeader(bytes: Uint8Array): Map<string, unknown> {
  let text: string;
  let parsed: unknown;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    parsed = JSON.parse(text);
  } catch (error) {
    throw corrupt(`the header is not UTF-8 JSON (${(error as Error).message})`);
  }
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed))
    throw corrupt("the header is not an object");
  const entries = new Map<string, unknown>(Object.entries(parsed));
  const names = topLevelKeys(text);
  if (names !== entries.size) throw corrupt("a tensor name occurs twice in the header");
  return entries;
}

/** How many keys the outermost object of valid JSON has, duplicates counted. */
function topLevelKeys(json: string): number {
  let depth = 0;
  let keys = 0;
  for (let i = 0; i < json.length; i++) {
    const char = json[i];
    if (char === '"') {
      i++;
      while (json[i] !== '"') i += json[i] === "\\" ? 2 : 1;
    } else if (char === "{" || char === "[") depth++;
    else if (char === "}" || char === "]") depth--;
    else if (char === ":" && depth === 1) keys++;
  }
  return keys;
}

function readMetadata(value: unknown): ReadonlyMap<string, string> {
  if (value === null) return new Map();
  if (typeof value !== "object" || Array.isArray(value)) throw corrupt("__metadata__ is not an object");
  const entries = Object.entries(value);
  if (entries.some(([, text]) => typeof text !== "string"))
    throw corrupt("__metadata__ holds something that is not text");
  return new Map(entries as [string, string][]);
}

function readSpan(
  name: string,
  value: unknown,
): { dtype: DType; shape: readonly number[]; begin: number; end: number } {
  const { dtype, shape, data_offsets: offsets } = (value ?? {}) as Record<string, unknown>;
  if (typeof dtype !== "string" || !Object.hasOwn(WIDTH, dtype))
    throw corrupt(`"${name}" has the unknown type ${dtype}`);
  const natural = (x: unknown) => Number.isSafeInteger(x) && (x as number) >= 0;
  if (!Array.isArray(shape) || !shape.every(natural)) throw corrupt(`"${name}" has the shape ${JSON.stringify(shape)}`);
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(natural) || offsets[0] > offsets[1])
    throw corrupt(`"${name}" has the offsets ${JSON.stringify(offsets)}`);
  const [begin, end] = offsets as [number, number];
  const expected = sizeOf(shape) * WIDTH[dtype as DType];
  if (!Number.isSafeInteger(expected) || end - begin !== expected)
    throw corrupt(
      `"${name}" [${shape.join(", ")}] of ${dtype} needs ${expected} bytes, its offsets give ${end - begin}`,
    );
  return { dtype: dtype as DType, shape, begin, end };
}

/** A copy at the start of a buffer of its own: typed arrays demand alignment, and the file may be large. */
function aligned(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer; // not bytes.slice(): of a Node Buffer that is a view
}

function fromHalf(bits: Uint16Array): Float32Array {
  const out = new Float32Array(bits.length);
  for (let i = 0; i < bits.length; i++) {
    const half = bits[i] as number;
    const exponent = (half >> 10) & 31;
    const fraction = half & 1023;
    const magnitude =
      exponent === 0
        ? fraction * 2 ** -24
        : exponent === 31
          ? fraction === 0
            ? Number.POSITIVE_INFINITY
            : Number.NaN
          : (1024 + fraction) * 2 ** (exponent - 25);
    out[i] = half >> 15 ? -magnitude : magnitude;
  }
  return out;
}

function fromBrain(bits: Uint16Array): Float32Array {
  const words = Uint32Array.from(bits, (half) => half << 16);
  return new Float32Array(words.buffer);
}

function corrupt(what: string): StudioError {
  return new StudioError("corrupt-data", `safetensors: ${what}; fetch or export the file again`);
}
