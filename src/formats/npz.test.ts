import { describe, expect, test } from "vitest";
import fixture from "../testing/fixtures/npz.json" with { type: "json" };
import { readNpz } from "./npz.ts";

const bytesOf = (base64: string) => Uint8Array.from(Buffer.from(base64, "base64"));

describe.each(["stored", "deflated"] as const)("an archive that NumPy wrote, %s", (kind) => {
  const file = readNpz("file.npz", bytesOf(fixture[kind]));

  test.each(Object.entries(fixture.arrays))("has %s as it was", async (name, { shape, data }) => {
    const array = await file.read(name);
    expect(array?.shape).toEqual(shape);
    expect([...(array?.data ?? [])]).toEqual(data);
  });

  test("has nothing else", async () => {
    expect([...file.names].sort()).toEqual(Object.keys(fixture.arrays).sort());
    expect(await file.read("other")).toBeUndefined();
  });

  test("cut short anywhere, is refused", async () => {
    const whole = bytesOf(fixture[kind]);
    for (const length of [0, 21, 100, whole.length - 1])
      expect(() => readNpz("file.npz", whole.slice(0, length))).toThrow("file.npz: is no whole .npz archive");
  });
});

test("numbers that were damaged do not pass for others when they were deflated", async () => {
  const bytes = bytesOf(fixture.deflated);
  bytes.fill(0xff, 60, 90);
  await expect(readNpz("file.npz", bytes).read("arr_0")).rejects.toMatchObject({
    code: "corrupt-data",
    message: expect.stringMatching(/^file\.npz: arr_0: /),
  });
});

test.each([
  ["complex", /its header is .*<c16.*save it in C order as one of \|u1/],
  ["fortran", /'fortran_order': True/],
  ["far", /holds 1099511627776, beyond 32 bits/],
])("%s numbers are refused", async (name, message) => {
  await expect(readNpz("odd.npz", bytesOf(fixture.odd)).read(name)).rejects.toThrow(message);
});
