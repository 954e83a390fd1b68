// One array of NumPy's .npy format, version 1 to 3: a Python literal that describes it, then its numbers.

import { StudioError } from "../core/errors.ts";
import { sizeOf } from "../core/tensor.ts";
import { fromHalves } from "./float16.ts";

export interface NpyArray {
  readonly shape: readonly number[];
  /** Row-major. Halves are widened; 64-bit integers must fit into 32 bits. */
  readonly data: Uint8Array | Int32Array | Float32Array | Float64Array;
}

/** How the numbers of a type are read from little-endian bytes that nothing else uses. */
const READERS: Readonly<
  Record<string, { bytes: number; read: (name: string, from: ArrayBuffer) => NpyArray["data"] }>
> = {
  "|u1": { bytes: 1, read: (_, from) => new Uint8Array(from) },
  "<i4": { bytes: 4, read: (_, from) => new Int32Array(from) },
  "<i8": { bytes: 8, read: (name, from) => Int32Array.from(new BigInt64Array(from), (value) => within32(name, value)) },
  "<f2": { bytes: 2, read: (_, from) => fromHalves(new Uint16Array(from)) },
  "<f4": { bytes: 4, read: (_, from) => new Float32Array(from) },
  "<f8": { bytes: 8, read: (_, from) => new Float64Array(from) },
};

const MAGIC = "\x93NUMPY";

/** @param name for messages @throws corrupt-data, invalid-input for a type or an order that is not read */
export function readNpy(name: string, bytes: Uint8Array): NpyArray {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 12 || text(bytes.subarray(0, 6)) !== MAGIC)
    throw new StudioError("corrupt-data", `${name}: is no .npy array; save it with numpy.save or numpy.savez`);
  const long = (bytes[6] as number) > 1;
  const start = long ? 12 : 10;
  const end = start + (long ? view.getUint32(8, true) : view.getUint16(8, true));
  const header = text(bytes.subarray(start, end));
  const [, type] = /'descr': *'([^']+)'/.exec(header) ?? [];
  const [, order] = /'fortran_order': *(True|False)/.exec(header) ?? [];
  const [, extents] = /'shape': *\(([^)]*)\)/.exec(header) ?? [];
  const reader = type === undefined ? undefined : READERS[type];
  if (!reader || order !== "False" || extents === undefined)
    throw new StudioError(
      "invalid-input",
      `${name}: its header is ${JSON.stringify(header.trim())}; save it in C order as one of ${Object.keys(READERS).join(", ")}`,
    );
  const shape = extents
    .split(",")
    .filter((part) => part.trim() !== "")
    .map(Number);
  const length = reader.bytes * sizeOf(shape);
  if (bytes.length - end !== length)
    throw new StudioError(
      "corrupt-data",
      `${name}: [${shape.join(", ")}] of ${type} takes ${length} bytes, the file has ${bytes.length - end}; save it again`,
    );
  const data = reader.read(name, new Uint8Array(bytes.subarray(end)).buffer);
  return { shape, data };
}

function within32(name: string, value: bigint): number {
  if (value === BigInt.asIntN(32, value)) return Number(value);
  throw new StudioError("invalid-input", `${name}: holds ${value}, beyond 32 bits; save smaller integers`);
}

function text(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}
