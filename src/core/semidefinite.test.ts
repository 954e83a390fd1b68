import fc from "fast-check";
import { expect, test } from "vitest";
import { semidefiniteRoot } from "./semidefinite.ts";

/** Products x^T x of `rank` vectors or fewer of length n. */
const semidefinite = fc
  .tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 0, max: 9 }))
  .chain(([n, rank]) =>
    fc
      .array(fc.double({ min: -10, max: 10, noNaN: true }), { minLength: n * rank, maxLength: n * rank })
      .map((x) => ({ n, most: Math.min(n, rank), a: gram(Float64Array.from(x), n) })),
  );

/** [n, n] of rows [r, n] */
function gram(rows: Float64Array, n: number): Float64Array {
  const count = rows.length / n;
  return Float64Array.from({ length: n * n }, (_, place) => {
    let sum = 0;
    for (let k = 0; k < count; k++) sum += rows[k * n + Math.floor(place / n)]! * rows[k * n + (place % n)]!;
    return sum;
  });
}

test("the root's product is the matrix, and it has no more rows than the matrix has independent ones", () => {
  fc.assert(
    fc.property(semidefinite, ({ n, most, a }) => {
      const { rows, rank } = semidefiniteRoot(a, n);
      const scale = Math.max(1e-300, ...a);
      for (const [place, value] of gram(rows, n).entries())
        expect(Math.abs(value - a[place]!) / scale).toBeLessThan(1e-13);
      expect(rank).toBeLessThanOrEqual(most);
      expect(rows).toHaveLength(rank * n);
    }),
  );
});

test("of nothing there is none", () => {
  expect(semidefiniteRoot(new Float64Array(9), 3)).toEqual({ rows: new Float64Array(0), rank: 0 });
});
