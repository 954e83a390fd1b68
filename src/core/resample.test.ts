import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { unpack } from "../testing/fixture.ts";
import fixture from "../testing/fixtures/resample.json" with { type: "json" };
import { centreSquare, type RgbaPicture } from "./resample.ts";

/** [-1, 1]; Pillow keeps float32 between its passes, as we do. */
const TOLERANCE = 2e-6;

function largestDifference(a: Float32Array, b: Float32Array): number {
  expect(a.length).toBe(b.length);
  return a.reduce((largest, value, i) => Math.max(largest, Math.abs(value - (b[i] as number))), 0);
}

describe("parity with Pillow", () => {
  test.each(fixture.pictures)("$width x $height", ({ width, height, rgba, square }) => {
    const data = Uint8Array.from(Buffer.from(rgba, "base64"));
    const made = centreSquare({ width, height, data }, fixture.side);
    expect(made.shape).toEqual([3, fixture.side, fixture.side]);
    expect(largestDifference(made.data, unpack(square))).toBeLessThan(TOLERANCE);
  });
});

type Rgba = readonly [number, number, number, number];
function paint(width: number, height: number, colour: (x: number, y: number) => Rgba): RgbaPicture {
  const data = Uint8Array.from({ length: 4 * width * height }, (_, i) => {
    const pixel = Math.floor(i / 4);
    return colour(pixel % width, Math.floor(pixel / width))[i % 4] as number;
  });
  return { width, height, data };
}

const extent = fc.integer({ min: 1, max: 70 });
const byte = fc.integer({ min: 0, max: 255 });
const side = fc.integer({ min: 1, max: 20 });

describe("properties", () => {
  test("a picture of one colour stays that colour, and what is transparent is white", () => {
    fc.assert(
      fc.property(extent, extent, side, fc.tuple(byte, byte, byte), (width, height, side, rgb) => {
        const opaque = centreSquare(
          paint(width, height, () => [...rgb, 255]),
          side,
        );
        const clear = centreSquare(
          paint(width, height, () => [...rgb, 0]),
          side,
        );
        const expected = Float32Array.from({ length: 3 * side * side }, (_, i) => {
          return (rgb[Math.floor(i / (side * side))] as number) / 127.5 - 1;
        });
        expect(largestDifference(opaque.data, expected)).toBeLessThan(TOLERANCE);
        expect(largestDifference(clear.data, expected.fill(1))).toBeLessThan(TOLERANCE);
      }),
    );
  });

  test("a square picture of the right size is kept to the bit", () => {
    fc.assert(
      fc.property(side, fc.infiniteStream(byte), (side, bytes) => {
        const values = [...Array(side * side)].map(() => bytes.next().value as number);
        const made = centreSquare(
          paint(side, side, (x, y) => [values[y * side + x] as number, 0, 0, 255]),
          side,
        );
        const expected = Float32Array.from(values, (value) => 1 - Math.fround((255 - value) / 127.5));
        expect(largestDifference(made.data.subarray(0, side * side), expected)).toBeLessThan(1e-7);
      }),
    );
  });

  test("a mirrored picture gives the mirrored square without halving (Pillow's box leans to one side)", () => {
    fc.assert(
      fc.property(extent, side, fc.infiniteStream(byte), (extent, side, bytes) => {
        fc.pre(extent < 2 * side);
        const values = [...Array(extent * extent)].map(() => bytes.next().value as number);
        const at = (x: number, y: number): Rgba => [values[y * extent + x] as number, 0, 0, 255];
        const made = centreSquare(paint(extent, extent, at), side);
        const mirrored = centreSquare(
          paint(extent, extent, (x, y) => at(extent - 1 - x, y)),
          side,
        );
        const back = made.data.map((_, i) => mirrored.data[i - (i % side) + side - 1 - (i % side)] as number);
        expect(largestDifference(made.data, back)).toBeLessThan(TOLERANCE);
      }),
    );
  });

  test("only the middle of a long picture is seen", () => {
    const square = (seen: number, outside: number) =>
      centreSquare(
        paint(90, 30, (x) => [Math.abs(x - 44.5) < seen / 2 ? x : outside, 0, 0, 255]),
        30,
      ).data;
    expect(square(30, 0)).toEqual(square(30, 255));
    expect(square(28, 0)).not.toEqual(square(28, 255));
  });
});
