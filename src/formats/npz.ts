// NumPy's .npz: a ZIP archive of .npy arrays, stored or deflated. Names come from the directory at the archive's end;
// arrays are inflated one at a time, when they are asked for, as some have gigabytes. Archives beyond 4 GB are not read: no
// array of JavaScript's holds them.

import { StudioError } from "../core/errors.ts";
import { type NpyArray, readNpy } from "./npy.ts";

export interface NpzFile {
  readonly names: readonly string[];
  /** Undefined when there is no such array. @throws corrupt-data, invalid-input naming it */
  read(name: string): Promise<NpyArray | undefined>;
}

interface Member {
  readonly method: number;
  readonly offset: number;
  readonly stored: number;
  readonly size: number;
}

const END = 0x06054b50;
const ENTRY = 0x02014b50;
const SUFFIX = ".npy";
const [STORED, DEFLATED] = [0, 8];

/** @param file for messages @throws corrupt-data when it is no archive */
export function readNpz(file: string, bytes: Uint8Array): NpzFile {
  const members = within(file, () => directoryOf(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)));
  return {
    names: [...members.keys()],
    async read(name) {
      const member = members.get(name);
      if (!member) return undefined;
      const where = `${file}: ${name}`;
      return readNpy(where, await inflated(where, bytes, member));
    },
  };
}

/** By name, without the suffix. @throws RangeError beyond the end of the file */
function directoryOf(view: DataView): Map<string, Member> {
  let [place, count] = locate(view);
  const members = new Map<string, Member>();
  for (; count > 0; count--) {
    if (view.getUint32(place, true) !== ENTRY) throw new RangeError("no entry");
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((at) => view.getUint16(place + at, true)) as [
      number,
      number,
      number,
    ];
    const name = new TextDecoder().decode(new Uint8Array(view.buffer, view.byteOffset + place + 46, nameLength));
    const [stored, size, offset] = [20, 24, 42].map((at) => view.getUint32(place + at, true)) as [
      number,
      number,
      number,
    ];
    const member = { method: view.getUint16(place + 10, true), stored, size, offset };
    if (name.endsWith(SUFFIX)) members.set(name.slice(0, -SUFFIX.length), member);
    place += 46 + nameLength + extraLength + commentLength;
  }
  return members;
}

/** Where the directory begins, and how many entries it has: the archive's last record says so, before a comment. */
function locate(view: DataView): [number, number] {
  let end = view.byteLength - 22;
  while (view.getUint32(end, true) !== END) end--;
  return [view.getUint32(end + 16, true), view.getUint16(end + 10, true)];
}

async function inflated(where: string, bytes: Uint8Array, member: Member): Promise<Uint8Array> {
  const { method, offset, stored, size } = member;
  const packed = within(where, () => {
    const local = new DataView(bytes.buffer, bytes.byteOffset + offset, 30);
    const start = offset + 30 + local.getUint16(26, true) + local.getUint16(28, true);
    return bytes.subarray(start, start + stored);
  });
  if (method === STORED && packed.length === size) return packed;
  if (method !== DEFLATED) throw damaged(where);
  try {
    const stream = new Blob([packed as Uint8Array<ArrayBuffer>])
      .stream()
      .pipeThrough(new DecompressionStream("deflate-raw"));
    const unpacked = new Uint8Array(await new Response(stream).arrayBuffer());
    if (unpacked.length === size) return unpacked;
  } catch {
    // told below, as a length that is wrong
  }
  throw damaged(where);
}

function within<T>(where: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof RangeError) throw damaged(where);
    throw error;
  }
}

function damaged(where: string): StudioError {
  return new StudioError(
    "corrupt-data",
    `${where}: is no whole .npz archive; copy it again, or save it with numpy.savez`,
  );
}
