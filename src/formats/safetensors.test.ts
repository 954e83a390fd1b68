import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readSafetensors, toFloat32, toInt32, type Writable, writeSafetensors } from "./safetensors.ts";

/** A file with this header and so many bytes behind it. */
function file(header: string | Uint8Array, dataBytes = 0, claimed?: bigint): Uint8Array {
  const json = typeof header === "string" ? new TextEncoder().encode(header) : header;
  const bytes = new Uint8Array(8 + json.byteLength + dataBytes);
  new DataView(bytes.buffer).setBigUint64(0, claimed ?? BigInt(json.byteLength), true);
  bytes.set(json, 8);
  return bytes;
}
const entry = (begin: number, end: number, shape = "[1]", dtype = "F32") =>
  `{"dtype":"${dtype}","shape":${shape},"data_offsets":[${begin},${end}]}`;
const only = (json: string) => `{"a":${json}}`;

describe("what is written is read back", () => {
  const finite = fc.float({ noNaN: true });
  const integer = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
  const array = fc.oneof(
    fc.array(finite, { maxLength: 20 }).map((values) => Float32Array.from(values)),
    fc.array(fc.double(), { maxLength: 20 }).map((values) => Float64Array.from(values)),
    fc.array(integer, { maxLength: 20 }).map((values) => Int32Array.from(values)),
    fc.array(integer, { maxLength: 20 }).map((values) => BigInt64Array.from(values, BigInt)),
  );
  const name = fc.string({ unit: "grapheme" }).filter((text) => text !== "__metadata__");
  const entries = fc.uniqueArray(fc.tuple(name, array), { selector: ([key]) => key, maxLength: 6 });

  test("names, order, types, shapes and bits, at any alignment of the file", () => {
    const property = fc.property(entries, fc.nat(9), (list, offset) => {
      const written = writeSafetensors(list.map(([key, data]) => [key, { shape: [data.length], data }]));
      const moved = new Uint8Array(written.byteLength + offset);
      moved.set(written, offset);
      const { tensors } = readSafetensors(moved.subarray(offset));
      expect([...tensors.keys()]).toEqual(list.map(([key]) => key));
      for (const [key, data] of list) {
        const found = tensors.get(key)!;
        expect(found.shape).toEqual([data.length]);
        if (data instanceof Float32Array) expect(toFloat32(found)).toEqual(data);
        else if (data instanceof Float64Array) expect(toFloat32(found)).toEqual(Float32Array.from(data));
        else expect(toInt32(found)).toEqual(Int32Array.from(data as Iterable<number | bigint>, Number));
      }
    });
    fc.assert(property, { numRuns: 200 });
  });

  test("metadata", () => {
    const { metadata } = readSafetensors(writeSafetensors([], { prediction: "v", __proto__x: "1" }));
    expect([...metadata]).toEqual([
      ["prediction", "v"],
      ["__proto__x", "1"],
    ]);
  });

  test("every half there is", () => {
    const bits = Uint16Array.from({ length: 65536 }, (_, i) => i);
    const header = only(`{"dtype":"F16","shape":[65536],"data_offsets":[0,131072]}`);
    const bytes = file(header, 131072);
    bytes.set(new Uint8Array(bits.buffer), bytes.byteLength - 131072);
    const floats = toFloat32(readSafetensors(bytes).tensors.get("a")!);
    // numpy: np.array([0x3555, 0x0001, 0x7bff, 0xfbff, 0x03ff], np.uint16).view(np.float16).astype(float)
    const known = [0x3555, 0x0001, 0x7bff, 0xfbff, 0x03ff].map((half) => floats[half]);
    expect(known).toEqual([0.333251953125, 2 ** -24, 65504, -65504, 1023 * 2 ** -24]);
    const again = writeSafetensors([["a", { shape: [65536], data: floats, dtype: "F16" }]]);
    const halves = new Uint16Array(readSafetensors(again).tensors.get("a")!.data.slice().buffer);
    const different = [...bits].filter((half) => halves[half] !== half && (half & 0x7fff) <= 0x7c00);
    expect(different).toEqual([]); // only the payload of a NaN may change
  });

  test("floats round to the nearest half, ties to even, and brain floats are exact", () => {
    const values = Float32Array.of(2049, 2051, 65519.99, 65520, 2 ** -25, 1.5 * 2 ** -25, -0.1);
    const stored = writeSafetensors([["a", { shape: [7], data: values, dtype: "F16" }]]);
    const floats = [...toFloat32(readSafetensors(stored).tensors.get("a")!)];
    expect(floats).toEqual([2048, 2052, 65504, Infinity, 0, 2 ** -24, -0.0999755859375]); // numpy agrees
    const brain = file(only(entry(0, 2, "[1]", "BF16")), 2);
    brain.set([0xc0, 0x3f], brain.byteLength - 2);
    expect([...toFloat32(readSafetensors(brain).tensors.get("a")!)]).toEqual([1.5]);
  });
});

describe("accepts, as the reference reader does,", () => {
  const cases: readonly [string, Uint8Array][] = [
    ["white space around the header", file(` \n{ "a" : ${entry(0, 4)} }   `, 4)],
    [
      "fields that it does not know",
      file(only(`{"dtype":"F32","x":{"y":[1.5,null,true]},"shape":[1],"data_offsets":[0,4]}`), 4),
    ],
    ["no metadata by null", file(`{"__metadata__":null,"a":${entry(0, 4)}}`, 4)],
    ["tensors in another order than their bytes", file(`{"b":${entry(4, 8)},"a":${entry(0, 4)}}`, 8)],
    ["tensors without values", file(`{"a":${entry(0, 0, "[0, 7]")},"b":${entry(0, 4)}}`, 4)],
    ["a scalar", file(only(entry(0, 4, "[]")), 4)],
    ["nothing at all", file("{}")],
  ];
  test.each(cases)("%s", (_, bytes) => {
    expect(() => readSafetensors(bytes)).not.toThrow();
  });

  test("a tensor called __proto__, and pollutes nothing", () => {
    const { tensors } = readSafetensors(file(`{"__proto__":${entry(0, 4)}}`, 4));
    expect(tensors.get("__proto__")?.shape).toEqual([1]);
    expect(({} as { shape?: unknown }).shape).toBeUndefined();
  });
});

describe("refuses", () => {
  const cases: readonly [string, Uint8Array, RegExp][] = [
    ["a file without a header length", new Uint8Array(7), /7 bytes/],
    ["a header beyond the file", file("{}", 0, 1000n), /1000 bytes of a file of 10/],
    ["a header of 2^64 - 1 bytes", file("{}", 0, 2n ** 64n - 1n), /18446744073709551615/],
    ["text that is not UTF-8", file(Uint8Array.of(0x7b, 0xff, 0x7d)), /header/],
    ["a byte order mark", file("\ufeff{}"), /no \{/],
    ["an array", file("[]"), /no \{/],
    ["a header cut short", file(`{"a":{"dtype":"F3`), /string/],
    ["text behind the header's end", file("{} {}"), /more text/],
    ["the same tensor twice", file(`{"a":${entry(0, 4)},"a":${entry(0, 4)}}`, 4), /"a\\?" for the second time/],
    ["the same tensor twice, once escaped", file(`{"a":${entry(0, 4)},"\\u0061":${entry(0, 4)}}`, 4), /second time/],
    ["the same field twice", file(only(`{"dtype":"F32","dtype":"F16","shape":[1],"data_offsets":[0,4]}`), 4), /"dtype/],
    ["half a character in a name", file(`{"\\ud800":${entry(0, 4)}}`, 4), /half a character/],
    ["a shape with a point", file(only(entry(0, 4, "[1.0]")), 4), /1\.0, not an integer/],
    ["a shape with an exponent", file(only(entry(0, 4, "[1e0]")), 4), /1e0, not an integer/],
    ["a negative extent", file(only(entry(0, 4, "[-1]")), 4), /-1, not an integer/],
    ["an extent beyond 2^53", file(only(entry(0, 4, "[9007199254740993]")), 4), /9007199254740993/],
    ["a size beyond 2^53, even of nothing", file(only(entry(0, 0, "[4294967296, 4294967296, 0]"))), /larger than/],
    ["an unknown type", file(only(entry(0, 4, "[1]", "F31")), 4), /F31/],
    ["an inherited name as type", file(only(entry(0, 4, "[1]", "toString")), 4), /toString/],
    ["a missing field", file(only(`{"dtype":"F32","shape":[1]}`)), /"a" needs/],
    ["three offsets", file(only(`{"dtype":"F32","shape":[1],"data_offsets":[0,4,8]}`), 4), /"a" needs/],
    ["offsets that do not fit the shape", file(only(entry(0, 8)), 8), /needs 4 bytes, has 8/],
    ["offsets backwards", file(only(entry(4, 0)), 4), /needs 4 bytes, has -4/],
    ["a hole before the first tensor", file(only(entry(4, 8)), 8), /begins at byte 4.*at 0/],
    ["a hole between tensors", file(`{"a":${entry(0, 4)},"b":${entry(8, 12)}}`, 12), /begins at byte 8.*at 4/],
    ["an overlap", file(`{"a":${entry(0, 4)},"b":${entry(2, 6)}}`, 6), /begins at byte 2.*at 4/],
    ["bytes behind the last tensor", file(only(entry(0, 4)), 5), /at byte 4, the file at 5/],
    ["a file cut short", file(only(entry(0, 4)), 3), /at byte 4, the file at 3/],
    ["metadata that is not text", file(`{"__metadata__":{"a":1}}`), /no string/],
    ["nesting without end", file(only(`{"x":${"[".repeat(200_000)}`)), /deeper than 4/],
  ];
  test.each(cases)("%s", (_, bytes, message) => {
    expect(() => readSafetensors(bytes)).toThrow(
      expect.objectContaining({ code: "corrupt-data", message: expect.stringMatching(message) }),
    );
  });

  test("any damaged byte gives the same tensors or a clean error", () => {
    const good = writeSafetensors([["weight", { shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6) }]], { a: "b" });
    const property = fc.property(fc.nat(good.byteLength - 1), fc.nat(255), (at, value) => {
      const bad = good.slice();
      bad[at] = value;
      try {
        for (const { shape, data, dtype } of readSafetensors(bad).tensors.values())
          expect(shape.reduce((size, extent) => size * extent, dtype === "F32" ? 4 : 1) % data.byteLength).toBe(0);
      } catch (error) {
        expect(error).toMatchObject({ code: "corrupt-data" });
      }
    });
    fc.assert(property, { numRuns: 500 });
  });

  test("values of the wrong kind or beyond 32 bits", () => {
    const [floats, large] = [Float32Array.of(1), BigInt64Array.of(2n ** 31n)];
    const { tensors } = readSafetensors(
      writeSafetensors([
        ["floats", { shape: [1], data: floats }],
        ["large", { shape: [1], data: large }],
      ]),
    );
    expect(() => toInt32(tensors.get("floats")!)).toThrow(/"floats" is F32, not an integer/);
    expect(() => toFloat32(tensors.get("large")!)).toThrow(/"large" is I64, not a float/);
    expect(() => toInt32(tensors.get("large")!)).toThrow(/"large" holds 2147483648, beyond 32 bits/);
  });

  test("to write a shape that is not filled, or a name twice", () => {
    const one: Writable = { shape: [1], data: Float32Array.of(1) };
    expect(() => writeSafetensors([["a", { ...one, shape: [2] }]])).toThrow(/1 values of "a" do not fill \[2\]/);
    expect(() =>
      writeSafetensors([
        ["a", one],
        ["a", one],
      ]),
    ).toThrow(/"a" comes twice/); // prettier-ignore
  });
});
