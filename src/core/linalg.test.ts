import { describe, expect, test } from "vitest";
import type { StudioError } from "./errors.ts";
import { choleskyInPlace, dot4, inverseSpd, subtract, subtract4 } from "./linalg.ts";

/** A repeatable value in [-1, 1) for every index. */
function scatter(i: number): number {
  return ((Math.imul(i + 1, 0x9e3779b1) >>> 0) / 2 ** 31 - 1) as number;
}

/** A A^T / n + 0.1 I */
function positiveDefinite(n: number, seed = 0): Float64Array {
  const a = Float64Array.from({ length: n * n }, (_, i) => scatter(i + seed));
  return Float64Array.from({ length: n * n }, (_, index) => {
    const i = Math.floor(index / n);
    const j = index % n;
    let sum = i === j ? 0.1 : 0;
    for (let k = 0; k < n; k++) sum += (a[i * n + k]! * a[j * n + k]!) / n;
    return sum;
  });
}

// Below, at and above multiples of the four rows and two columns that go together.
const sizes = [1, 2, 3, 4, 5, 7, 8, 13, 32, 50];

describe("cholesky", () => {
  test.each(sizes)("C C^T is the matrix again, n = %i", (n) => {
    const a = positiveDefinite(n);
    const c = a.slice();
    choleskyInPlace(c, n);
    for (let i = 0; i < n; i++)
      for (let j = 0; j <= i; j++) {
        let sum = 0;
        for (let k = 0; k <= j; k++) sum += c[i * n + k]! * c[j * n + k]!;
        expect(sum).toBeCloseTo(a[i * n + j]!, 12);
      }
  });

  test("reads the lower triangle only and leaves the upper one alone", () => {
    const n = 6;
    const c = positiveDefinite(n);
    for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) c[i * n + j] = 77;
    choleskyInPlace(c, n);
    for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) expect(c[i * n + j]).toBe(77);
  });

  test.each([
    ["negative", -1],
    ["zero", 0],
    ["NaN", Number.NaN],
    ["infinite", Infinity],
  ])("refuses a pivot that is %s and says which", (_, value) => {
    const n = 9;
    const a = positiveDefinite(n);
    a[6 * n + 6] = value;
    let error: StudioError | undefined;
    try {
      choleskyInPlace(a, n, "layer 3");
    } catch (caught) {
      error = caught as StudioError;
    }
    expect(error?.code).toBe("not-positive-definite");
    expect(error?.details.pivot).toBe(6);
    expect(error?.message).toMatch(/^layer 3: not positive definite at pivot 6 of 9 /);
  });

  test("refuses a pivot that is only rounding error", () => {
    const third = Float64Array.of(1 / 3, 1 / 3, 1 / 3, 1 / 3 + 2 ** -54);
    expect(() => choleskyInPlace(third, 2)).toThrow("pivot 1");
  });
});

describe("inverse", () => {
  test.each(sizes)("times the matrix is the identity, symmetric to the bit, n = %i", (n) => {
    const a = positiveDefinite(n, 1000);
    const given = a.slice();
    const inverse = inverseSpd(a, n);
    expect(a).toEqual(given);
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++) {
        let sum = 0;
        for (let k = 0; k < n; k++) sum += a[i * n + k]! * inverse[k * n + j]!;
        expect(sum).toBeCloseTo(i === j ? 1 : 0, 10);
        expect(inverse[i * n + j]).toBe(inverse[j * n + i]);
      }
  });

  test("keeps what is decoupled exactly decoupled", () => {
    const n = 7;
    const a = positiveDefinite(n);
    for (let i = 0; i < n; i++) a[3 * n + i] = a[i * n + 3] = i === 3 ? 4 : 0;
    const inverse = inverseSpd(a, n);
    for (let i = 0; i < n; i++) expect(inverse[i * n + 3]! + 0).toBe(i === 3 ? 0.25 : 0);
  });
});

describe("kernels", () => {
  const a = Float64Array.from({ length: 64 }, (_, i) => scatter(i));
  const b = Float64Array.from({ length: 64 }, (_, i) => scatter(i + 500));

  test("dot4 is four dot products, also with repeated rows", () => {
    const out = new Float64Array(4);
    dot4(a, 0, 11, 11, 30, b, 5, 9, out);
    [0, 11, 11, 30].forEach((at, q) => {
      let sum = 0;
      for (let i = 0; i < 9; i++) sum += a[at + i]! * b[5 + i]!;
      expect(out[q]).toBe(sum);
    });
  });

  test("subtract4 is subtract on each row, repeated ones once, with squared lengths", () => {
    const together = a.slice();
    const apart = a.slice();
    const squares = new Float64Array(4);
    subtract4(together, 0, 20, 40, 40, b, 3, Float64Array.of(0.5, -2, 3, 3), 12, squares);
    subtract(apart, 0, b, 3, 0.5, 12);
    subtract(apart, 20, b, 3, -2, 12);
    subtract(apart, 40, b, 3, 3, 12);
    expect(together).toEqual(apart);
    [0, 20, 40, 40].forEach((at, q) => {
      expect(squares[q]).toBe(apart.subarray(at, at + 12).reduce((sum, x) => sum + x * x, 0));
    });
  });
});
