import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { tensor } from "../../core/tensor.ts";
import { createNodeRuntime } from "../../runtime/ort-node.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import { scorePair } from "../../testing/score-pair.ts";
import { scriptedPicture } from "../../testing/scripted-pictures.ts";
import type { Metric } from "../metric.ts";
import { psnr } from "../psnr.ts";
import { ssim } from "../ssim.ts";
import { decibels, type Rgba, squaredError, ssimMap } from "./picture-scores.ts";

const fixture = JSON.parse(readFileSync(new URL("../../testing/fixtures/ssim.json", import.meta.url), "utf8")) as {
  shape: [number, number, number, number];
  student: string;
  reference: string;
};
const [COUNT, , HEIGHT, SIDE] = fixture.shape;

/** The fixture's pictures in 8 bits, as a page shows them, cut to squares. */
function shown(base64: string): Rgba[] {
  const data = new Float32Array(Uint8Array.from(Buffer.from(base64, "base64")).buffer);
  const value = (picture: number, channel: number, pixel: number) =>
    data[(3 * picture + channel) * HEIGHT * SIDE + pixel] as number;
  return Array.from({ length: COUNT }, (_, picture) =>
    Uint8ClampedArray.from({ length: 4 * SIDE * SIDE }, (_, i) =>
      i % 4 === 3 ? 255 : (value(picture, i % 4, i >> 2) + 1) * 127.5,
    ),
  );
}

/** As the engine holds pictures, [1, 3, side, side] in [-1, 1]. */
function held(rgba: Rgba, side: number) {
  const area = side * side;
  const data = Float32Array.from({ length: 3 * area }, (_, i) => {
    const value = rgba[4 * (i % area) + Math.floor(i / area)] as number;
    return value / 127.5 - 1;
  });
  return tensor(data, [1, 3, side, side]);
}

const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length;

let runtime: Runtime;
beforeAll(async () => {
  runtime = await createNodeRuntime({ threads: 1 });
});
afterAll(() => runtime.close());
const score = async (metric: Metric, a: Rgba, b: Rgba, side: number) =>
  (await scorePair(runtime, metric, held(a, side), held(b, side)))[0] as number;

const pairs = [
  ...shown(fixture.student).map((student, i) => [student, shown(fixture.reference)[i] as Rgba, SIDE] as const),
  [scriptedPicture(3, 1, 0.4, 24), scriptedPicture(3, 1, 0, 24), 24] as const,
];

test.each([...pairs.entries()])("pair %i: the map's mean is the metric, and so are the decibels", async (_, pair) => {
  const [student, reference, side] = pair;
  const map = ssimMap(student, reference, side);
  expect(map).toHaveLength(side * side);
  expect(Math.abs(mean(map) - (await score(ssim, student, reference, side)))).toBeLessThan(5e-6);
  const own = decibels(squaredError(student, reference));
  expect(Math.abs(own - (await score(psnr, student, reference, side)))).toBeLessThan(1e-3);
});

test("the map is 1 where pictures agree, and less around one pixel that differs", () => {
  const side = 32;
  const picture = scriptedPicture(1, 2, 0, side);
  const other = picture.slice();
  const [row, column] = [20, 9];
  for (let c = 0; c < 3; c++)
    other[4 * (row * side + column) + c] = 255 - (other[4 * (row * side + column) + c] as number);
  const map = ssimMap(other, picture, side);
  for (const [i, value] of map.entries()) {
    const far = Math.max(Math.abs(Math.floor(i / side) - row), Math.abs((i % side) - column)) > 5;
    if (far) expect(value).toBeCloseTo(1, 12);
    else expect(value).toBeLessThan(1);
  }
});
