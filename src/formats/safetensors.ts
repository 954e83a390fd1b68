// safetensors: eight bytes of header length, a JSON header, the tensors without gaps. Files come from strangers, so
// every rule of the reference reader (huggingface/safetensors, tensor.rs) is kept, and duplicate keys, which it lets
// pass although the format forbids them, are refused.

import { StudioError } from "../core/errors.ts";
import { sizeOf } from "../core/tensor.ts";
import { fromBrains, fromHalves, toHalves } from "./float16.ts";
import { JsonScanner } from "./json-scanner.ts";

const MAX_HEADER = 100_000_000;
/** Header, tensor or metadata, shape or offsets, and one to spare. */
const MAX_DEPTH = 4;
const BYTES = {
  BOOL: 1,
  U8: 1,
  I8: 1,
  F8_E5M2: 1,
  F8_E4M3: 1,
  U16: 2,
  I16: 2,
  F16: 2,
  BF16: 2,
  U32: 4,
  I32: 4,
  F32: 4,
  U64: 8,
  I64: 8,
  F64: 8,
  C64: 8,
} as const;
export type SafetensorsType = keyof typeof BYTES;

export interface SafetensorsEntry {
  readonly name: string;
  readonly dtype: SafetensorsType;
  readonly shape: readonly number[];
  /** Little-endian, a view of the file. */
  readonly data: Uint8Array;
}
export interface SafetensorsFile {
  /** In the order of the header. */
  readonly tensors: ReadonlyMap<string, SafetensorsEntry>;
  readonly metadata: ReadonlyMap<string, string>;
}

interface Described {
  dtype: SafetensorsType;
  shape: number[];
  begin: number;
  end: number;
}

/** @throws corrupt-data saying what is wrong, with the numbers. */
export function readSafetensors(bytes: Uint8Array): SafetensorsFile {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.byteLength < 8)
    refuse(`this is no safetensors file (${bytes.byteLength} bytes are too short for a header)`);
  const length = view.getBigUint64(0, true);
  if (length > MAX_HEADER)
    refuse(`this is no safetensors file (its header claims ${length} bytes, at most ${MAX_HEADER} are allowed)`);
  const start = 8 + Number(length);
  if (start > bytes.byteLength) refuse(`the header claims ${length} bytes of a file of ${bytes.byteLength}`);
  const { described, metadata } = readHeader(bytes.subarray(8, start));

  checkCoverage(described, bytes.byteLength - start);
  const tensors = new Map<string, SafetensorsEntry>();
  for (const [name, { dtype, shape, begin, end }] of described)
    tensors.set(name, { name, dtype, shape, data: bytes.subarray(start + begin, start + end) });
  return { tensors, metadata };
}

function readHeader(bytes: Uint8Array): { described: Map<string, Described>; metadata: Map<string, string> } {
  const described = new Map<string, Described>();
  const metadata = new Map<string, string>();
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    const json = new JsonScanner(text, MAX_DEPTH);
    json.object((name) => {
      if (name !== "__metadata__") described.set(name, readEntry(json, name));
      else if (!json.null()) json.object((key) => void metadata.set(key, json.string()));
    });
    json.end();
  } catch (error) {
    if (error instanceof StudioError) throw error;
    refuse(`the header is not what it should be: ${(error as Error).message}`);
  }
  return { described, metadata };
}

function readEntry(json: JsonScanner, name: string): Described {
  let dtype: string | undefined;
  let shape: number[] | undefined;
  let offsets: number[] | undefined;
  const counts = (): number[] => {
    const values: number[] = [];
    json.array(() => void values.push(json.count()));
    return values;
  };
  json.object((field) => {
    if (field === "dtype") dtype = json.string();
    else if (field === "shape") shape = counts();
    else if (field === "data_offsets") offsets = counts();
    else json.skip();
  });
  const [begin, end] = offsets ?? [];
  if (!dtype || !shape || begin === undefined || end === undefined || offsets?.length !== 2)
    return refuse(`${quote(name)} needs dtype, shape and two data_offsets`);
  if (!isKnown(dtype)) return refuse(`${quote(name)} has the unknown type ${quote(dtype)}`);
  const size = shape.reduce((product, extent) => checkSize(name, product * extent), BYTES[dtype]);
  if (end - begin !== size)
    refuse(`${quote(name)} of type ${dtype} and shape [${shape.join(", ")}] needs ${size} bytes, has ${end - begin}`);
  return { dtype, shape, begin, end };
}

function isKnown(dtype: string): dtype is SafetensorsType {
  return Object.hasOwn(BYTES, dtype);
}

function checkSize(name: string, size: number): number {
  return Number.isSafeInteger(size) ? size : refuse(`${quote(name)} is larger than can be counted`);
}

/** Tensors follow each other from byte 0 to the end of the file without gap or overlap. */
function checkCoverage(described: ReadonlyMap<string, Described>, available: number): void {
  let covered = 0;
  for (const [name, { begin, end }] of [...described].sort(([, a], [, b]) => a.begin - b.begin || a.end - b.end)) {
    if (begin !== covered) refuse(`${quote(name)} begins at byte ${begin}, the tensor before it ends at ${covered}`);
    covered = end;
  }
  if (covered !== available) refuse(`the tensors end at byte ${covered}, the file at ${available}`);
}

/** Float types as float32, perhaps sharing memory with the file. @throws corrupt-data for other types. */
export function toFloat32(entry: SafetensorsEntry): Float32Array {
  const { dtype, data, name } = entry;
  switch (dtype) {
    case "F32":
      return view(Float32Array, data);
    case "F16":
      return fromHalves(view(Uint16Array, data));
    case "BF16":
      return fromBrains(view(Uint16Array, data));
    case "F64":
      return new Float32Array(view(Float64Array, data));
    default:
      return refuse(`${quote(name)} is ${dtype}, not a float type`);
  }
}

/** I32 and I64 as int32, perhaps sharing memory with the file. @throws corrupt-data for other types and large values. */
export function toInt32(entry: SafetensorsEntry): Int32Array {
  const { dtype, data, name } = entry;
  if (dtype === "I32") return view(Int32Array, data);
  if (dtype !== "I64") return refuse(`${quote(name)} is ${dtype}, not an integer type`);
  return Int32Array.from(view(BigInt64Array, data), (value) =>
    value === BigInt.asIntN(32, value) ? Number(value) : refuse(`${quote(name)} holds ${value}, beyond 32 bits`),
  );
}

interface ArrayType<A> {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBufferLike, offset: number, length: number): A;
}

/** A typed array over the bytes themselves where they are aligned, over a copy where not. */
function view<A>(type: ArrayType<A>, bytes: Uint8Array): A {
  const aligned = bytes.byteOffset % type.BYTES_PER_ELEMENT === 0 ? bytes : new Uint8Array(bytes); // a Buffer's slice is a view
  return new type(aligned.buffer, aligned.byteOffset, aligned.byteLength / type.BYTES_PER_ELEMENT);
}

/** What can be written: the array decides the type, except that float32 may be stored as F16. */
export interface Writable {
  readonly shape: readonly number[];
  readonly data: Float32Array | Float64Array | Int32Array | BigInt64Array;
  readonly dtype?: "F16";
}

/** Tensors in the given order. @throws shape-mismatch, invalid-input for a name that comes twice. */
export function writeSafetensors(
  entries: Iterable<readonly [string, Writable]>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const fields: string[] = [];
  const chunks: Uint8Array[] = [];
  const names = new Set<string>(["__metadata__"]);
  if (Object.keys(metadata).length > 0) fields.push(`"__metadata__":${JSON.stringify(metadata)}`);
  let offset = 0;
  for (const [name, { shape, data, dtype }] of entries) {
    if (names.has(name)) throw new StudioError("invalid-input", `safetensors: the name ${quote(name)} comes twice`);
    if (data.length !== sizeOf(shape))
      throw new StudioError(
        "shape-mismatch",
        `safetensors: ${data.length} values of ${quote(name)} do not fill [${shape.join(", ")}]`,
      );
    names.add(name);
    const stored = dtype === "F16" && data instanceof Float32Array ? toHalves(data) : data;
    const chunk = new Uint8Array(stored.buffer, stored.byteOffset, stored.byteLength);
    const description = { dtype: typeOf(stored), shape, data_offsets: [offset, offset + chunk.byteLength] };
    fields.push(`${JSON.stringify(name)}:${JSON.stringify(description)}`);
    chunks.push(chunk);
    offset += chunk.byteLength;
  }
  const json = new TextEncoder().encode(`{${fields.join()}}`);
  const headerLength = Math.ceil(json.byteLength / 8) * 8; // so that tensors begin aligned
  const file = new Uint8Array(8 + headerLength + offset);
  new DataView(file.buffer).setBigUint64(0, BigInt(headerLength), true);
  file.fill(0x20, 8, 8 + headerLength);
  file.set(json, 8);
  let at = 8 + headerLength;
  for (const chunk of chunks) {
    file.set(chunk, at);
    at += chunk.byteLength;
  }
  return file;
}

function typeOf(data: Writable["data"] | Uint16Array): SafetensorsType {
  if (data instanceof Float32Array) return "F32";
  if (data instanceof Float64Array) return "F64";
  if (data instanceof Int32Array) return "I32";
  return data instanceof BigInt64Array ? "I64" : "F16";
}

function quote(name: string): string {
  return JSON.stringify(name);
}

function refuse(what: string): never {
  throw new StudioError("corrupt-data", `safetensors: ${what}; fetch or export the file again`);
}
