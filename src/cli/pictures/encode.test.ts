import { expect, test } from "vitest";
import { decodePicture } from "./decode.ts";
import { encodeSheet, stackSheets } from "./encode.ts";

test("a sheet has the rows below each other and the pictures of a row side by side", () => {
  const picture = (value: number) => Uint8ClampedArray.from({ length: 16 }, (_, i) => (i % 4 === 3 ? 255 : value + i));
  const { width, height, data } = decodePicture(
    "sheet",
    encodeSheet(
      [
        [picture(10), picture(40), picture(70)],
        [picture(100), picture(130), picture(160)],
      ],
      2,
    ),
  );
  const red = Array.from({ length: width * height }, (_, pixel) => data[4 * pixel]);
  expect([width, height]).toEqual([6, 4]);
  expect(red).toEqual([
    ...[10, 14, 40, 44, 70, 74],
    ...[18, 22, 48, 52, 78, 82],
    ...[100, 104, 130, 134, 160, 164],
    ...[108, 112, 138, 142, 168, 172],
  ]);
});

test("sheets lie one below the other", () => {
  const flat = (value: number) => new Uint8ClampedArray(16).fill(value);
  const sheets = [[[flat(10)]], [[flat(20)]]].map((rows) => encodeSheet(rows, 2));
  const { width, height, data } = decodePicture("stack", stackSheets(sheets));
  expect([width, height]).toEqual([2, 4]);
  expect(Array.from({ length: 8 }, (_, pixel) => data[4 * pixel])).toEqual([10, 10, 10, 10, 20, 20, 20, 20]);
});
