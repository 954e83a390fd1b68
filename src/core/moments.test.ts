import fc from "fast-check";
import { expect, test } from "vitest";
import { Moments } from "./moments.ts";

const rowsOf = (dimension: number) =>
  fc
    .array(fc.array(fc.float({ min: -100, max: 100, noNaN: true }), { minLength: dimension, maxLength: dimension }), {
      minLength: 2,
      maxLength: 40,
    })
    .map((rows) => rows.map((row) => Float32Array.from(row)));

test("batches of any size give the mean and covariance of all, wherever they lie", () => {
  fc.assert(
    fc.property(rowsOf(3), fc.integer({ min: 1, max: 7 }), fc.constantFrom(0, 4096), (rows, size, far) => {
      const moved = rows.map((row) => row.map((value) => Math.fround(value + far)));
      const moments = new Moments(3);
      for (let i = 0; i < moved.length; i += size)
        moments.add(Float32Array.from(moved.slice(i, i + size).flatMap((row) => [...row])));
      const { count, mean, covariance } = moments.gaussian();
      expect(count).toBe(rows.length);
      const average = (term: (row: Float32Array) => number) => moved.reduce((sum, row) => sum + term(row), 0) / count;
      const direct = [0, 1, 2].map((i) => average((row) => row[i] as number));
      for (let i = 0; i < 3; i++) {
        expect(mean[i]).toBeCloseTo(direct[i] as number, 8);
        for (let j = 0; j < 3; j++) {
          const off = (row: Float32Array, k: number) => (row[k] as number) - (direct[k] as number);
          const expected = (average((row) => off(row, i) * off(row, j)) * count) / (count - 1);
          expect(Math.abs((covariance[3 * i + j] as number) - expected)).toBeLessThan(1e-8 * Math.max(1, expected));
        }
      }
    }),
  );
});

test("one vector has no covariance", () => {
  const moments = new Moments(2);
  moments.add(Float32Array.of(1, 2));
  expect(() => moments.gaussian()).toThrow("moments: 1 vectors have no covariance; give 2 or more");
});
