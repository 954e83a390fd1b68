import { describe, expect, test } from "vitest";
import { normals } from "../core/rng.ts";
import type { Tensor } from "../core/tensor.ts";
import { relativeError } from "../testing/close.ts";
import { principalBasis, project } from "./pictures.ts";

const [COUNT, SIDE] = [2, 6];
const AREA = SIDE * SIDE;

/** Latents that vary along given directions of channel space only: `parts` is one [standard deviation, direction] each. */
function latents(parts: readonly (readonly [number, readonly number[]])[], mean: readonly number[]): Tensor {
  const channels = mean.length;
  const data = new Float32Array(COUNT * channels * AREA);
  for (const [index, [deviation, direction]] of parts.entries()) {
    const draws = normals(1, ["part", index], COUNT * AREA);
    for (let picture = 0; picture < COUNT; picture++)
      for (let channel = 0; channel < channels; channel++)
        for (let pixel = 0; pixel < AREA; pixel++)
          data[(picture * channels + channel) * AREA + pixel]! +=
            deviation * (draws[picture * AREA + pixel] as number) * (direction[channel] as number);
  }
  for (let i = 0; i < data.length; i++) data[i]! += mean[Math.floor(i / AREA) % channels] as number;
  return { shape: [COUNT, channels, SIDE, SIDE], data };
}

/** Latents in their own colours. */
const principalComponents = (tensor: Tensor) => project(tensor, principalBasis(tensor));

const plane = ({ data }: Tensor, picture: number, component: number) =>
  data.subarray((picture * 3 + component) * AREA, (picture * 3 + component + 1) * AREA);

describe("principal components", () => {
  test("show what varies, strongest first, two standard deviations to the range", () => {
    const pixels = principalComponents(
      latents(
        [
          [3, [0.6, 0, 0.8, 0, 0]],
          [1, [0, 1, 0, 0, 0]],
        ],
        [5, -2, 0, 1, 9],
      ),
    );
    expect(pixels.shape).toEqual([COUNT, 3, SIDE, SIDE]);
    for (const [component, part] of [
      [0, 0],
      [1, 1],
    ] as const) {
      const draws = normals(1, ["part", part], COUNT * AREA);
      const values = Float64Array.of(...plane(pixels, 0, component), ...plane(pixels, 1, component));
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      const variance = values.reduce((sum, value) => sum + value ** 2, 0) / values.length;
      expect(mean).toBeCloseTo(0, 5);
      expect(variance).toBeCloseTo(0.25, 2);
      const correlation = values.reduce((sum, value, i) => sum + value * (draws[i] as number), 0) / values.length;
      expect(Math.abs(correlation)).toBeGreaterThan(0.4);
    }
    expect(Math.max(...plane(pixels, 0, 2).map(Math.abs))).toBeLessThan(1e-9);
  });

  test("do not depend on where the channels lie or how large they are", () => {
    const parts = [
      [3, [0.6, 0, 0.8, 0]],
      [1, [0, 1, 0, 0]],
      [0.5, [0.8, 0, -0.6, 0]],
    ] as const;
    const near = principalComponents(latents(parts, [0, 0, 0, 0]));
    const far = principalComponents(
      latents(
        parts.map(([s, v]) => [7 * s, v] as const),
        [4, 3, 2, 1],
      ),
    );
    expect(relativeError(far.data, near.data)).toBeLessThan(1e-3);
  });

  test("of latents that do not vary are grey, of fewer than three channels leave a component grey", () => {
    expect([...new Set(principalComponents(latents([], [1, 2, 3, 4])).data)]).toEqual([0]);
    const two = principalComponents(
      latents(
        [
          [1, [1, 0]],
          [0.5, [0, 1]],
        ],
        [0, 0],
      ),
    );
    expect(Math.max(...plane(two, 0, 2).map(Math.abs))).toBeLessThan(1e-3);
  });
});
