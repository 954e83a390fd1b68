import fc from "fast-check";
import { describe, expect, test } from "vitest";
import fixture from "../testing/fixtures/distribution.json" with { type: "json" };
import { eigenSymmetric, eigenvaluesSymmetric } from "./eigen.ts";

const largest = (values: ArrayLike<number>) => Math.max(1e-300, ...Array.from(values, Math.abs));

describe("parity", () => {
  test.each(fixture.matrices)("eigenvalues of a $name matrix are LAPACK's", ({ n, matrix, values }) => {
    const a = Float64Array.from(matrix);
    for (const found of [eigenvaluesSymmetric(a, n), eigenSymmetric(a, n).values])
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

test("rows of `vectors` are orthonormal and take the matrix apart", () => {
  fc.assert(
    fc.property(symmetric, ({ n, a }) => {
      const { values, vectors } = eigenSymmetric(a, n);
      const v = (k: number, i: number) => vectors[k * n + i] as number;
      const sum = (term: (k: number) => number) =>
        Array.from({ length: n }, (_, k) => term(k)).reduce((x, y) => x + y, 0);
      const scale = largest(a);
      for (let i = 0; i < n; i++)
        for (let j = 0; j < n; j++) {
          expect(sum((k) => v(i, k) * v(j, k))).toBeCloseTo(i === j ? 1 : 0, 12);
          const again = sum((k) => (values[k] as number) * v(k, i) * v(k, j));
          expect(Math.abs(again - (a[i * n + j] as number)) / scale).toBeLessThan(1e-12);
        }
      expect([...values]).toEqual([...values].sort((x, y) => x - y));
    }),
  );
});

test("a value that is not finite is named", () => {
  expect(() => eigenSymmetric(Float64Array.of(1, 2, 2, Number.NaN), 2, "FID")).toThrow(
    "FID: element (1, 1) of the 2 x 2 matrix is NaN; give finite numbers",
  );
});
