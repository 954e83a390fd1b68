import fc from "fast-check";
import { describe, expect, test } from "vitest";
import fixture from "../testing/fixtures/distribution.json" with { type: "json" };
import { eigenvaluesSymmetric } from "./eigen.ts";

const largest = (values: ArrayLike<number>) => Math.max(...Array.from(values, Math.abs)) || 1;

describe("parity", () => {
  test.each(fixture.matrices)("eigenvalues of a $name matrix are LAPACK's", ({ n, matrix, values }) => {
    const found = eigenvaluesSymmetric(Float64Array.from(matrix), n);
    for (const [i, value] of values.entries())
      expect(Math.abs((found[i] as number) - value) / largest(values)).toBeLessThan(1e-12);
  });
});

/** Symmetric matrices, some with rows of zeros and repeated values. */
const symmetric = fc.integer({ min: 1, max: 12 }).chain((n) =>
  fc
    .array(fc.oneof(fc.constantFrom(0, 1), fc.double({ min: -1e3, max: 1e3, noNaN: true })), {
      minLength: n * n,
      maxLength: n * n,
    })
    .map((values) => ({
      n,
      a: Float64Array.from(values, (_, k) => values[Math.max(k, (k % n) * n + Math.floor(k / n))] as number),
    })),
);

test("they ascend, and their powers add up to the traces of the matrix's", () => {
  fc.assert(
    fc.property(symmetric, ({ n, a }) => {
      const values = eigenvaluesSymmetric(a, n);
      expect([...values]).toEqual([...values].sort((x, y) => x - y));
      const scale = largest(a);
      const at = (i: number, j: number) => (a[i * n + j] as number) / scale;
      const traces = [0, 0, 0] as [number, number, number];
      for (let i = 0; i < n; i++) {
        traces[0] += at(i, i);
        for (let j = 0; j < n; j++) {
          traces[1] += at(i, j) ** 2;
          for (let k = 0; k < n; k++) traces[2] += at(i, j) * at(j, k) * at(k, i);
        }
      }
      for (const [power, trace] of traces.entries()) {
        const sum = values.reduce((total, value) => total + (value / scale) ** (power + 1), 0);
        expect(Math.abs(sum - trace)).toBeLessThan(1e-12 * n ** (power + 1));
      }
    }),
  );
});

test("a value that is not finite is named", () => {
  expect(() => eigenvaluesSymmetric(Float64Array.of(1, 2, 2, Number.NaN), 2, "FID")).toThrow(
    "FID: element (1, 1) of the 2 x 2 matrix is NaN; give finite numbers",
  );
});
