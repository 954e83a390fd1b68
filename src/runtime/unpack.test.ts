import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { fetchUnpacked } from "./unpack.ts";

const address = (bytes: Uint8Array) => `data:application/octet-stream;base64,${Buffer.from(bytes).toString("base64")}`;
const file = Uint8Array.from({ length: 10_000 }, (_, index) => (index * index) % 251);
const packed = gzipSync(file);

test("a gzipped file is unpacked, and one that a server has unpacked is taken as it is", async () => {
  expect(new Uint8Array(await fetchUnpacked(address(packed)))).toEqual(file);
  expect(new Uint8Array(await fetchUnpacked(address(file)))).toEqual(file);
});

test("files of no bytes and of one are no gzip", async () => {
  for (const length of [0, 1])
    expect((await fetchUnpacked(address(packed.subarray(0, length)))).byteLength).toBe(length);
});

test("a file that was cut or changed is refused", async () => {
  const changed = Uint8Array.from(packed);
  changed[changed.length - 6] = 255 - (changed[changed.length - 6] as number); // of its checksum
  for (const bytes of [packed.subarray(0, 100), changed])
    await expect(fetchUnpacked(address(bytes))).rejects.toMatchObject({ code: "missing-data" });
});

test("an address without a file is named", async () => {
  await expect(fetchUnpacked("http://localhost:1/none.gzip")).rejects.toThrow("http://localhost:1/none.gzip");
});
