import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { columnsInOrder } from "../../core/factor.ts";
import { obs } from "../../pruners/obs.ts";
import { lowerInOrder } from "./elimination/given-order.ts";
import { correlatedLayer, dampedHessian } from "./elimination/layer.ts";
import { eliminateLiterally } from "./elimination/literal.ts";
import { largestError } from "./factor.ts";

const DAMPING = 1e-2;
/** Float32 weights against float64 ones. */
const TOLERANCE = 1e-5;

const layers = fc
  .record({
    rows: fc.integer({ min: 1, max: 7 }),
    structures: fc.integer({ min: 2, max: 9 }),
    groupSize: fc.integer({ min: 1, max: 5 }),
    levels: fc.integer({ min: 1, max: 9 }),
  })
  .map(({ rows, structures, groupSize, levels }) => correlatedLayer(rows, structures * groupSize, groupSize, levels));

describe("eliminated in the greedy order", () => {
  test("greedy, given-order and literal weights agree at every level", () => {
    fc.assert(
      fc.property(layers, (layer) => {
        const h = dampedHessian(layer, DAMPING);
        const greedy = obs.factor(layer, { damping: DAMPING });
        const order = columnsInOrder(greedy);
        const literal = eliminateLiterally(layer, h, order, layer.boundaries);
        expect(literal.length).toBe(layer.boundaries.length - 1);
        expect(largestError(layer, greedy, literal)).toBeLessThan(TOLERANCE);
        const given = { ...greedy, lower: lowerInOrder(h, order, layer.boundaries) };
        expect(largestError(layer, given, literal)).toBeLessThan(TOLERANCE);
      }),
    );
  });
});

describe("eliminated in any order", () => {
  const cases = layers.chain((layer) => {
    const structures = [...Array(layer.columns / layer.groupSize).keys()];
    return fc.tuple(fc.constant(layer), fc.shuffledSubarray(structures, { minLength: structures.length }));
  });

  test("given-order and literal weights agree at every level", () => {
    fc.assert(
      fc.property(cases, ([layer, structures]) => {
        const h = dampedHessian(layer, DAMPING);
        const order = Int32Array.from(structures);
        const columns = columnsInOrder({ order, groupSize: layer.groupSize });
        const lower = lowerInOrder(h, columns, layer.boundaries);
        const given = { ...obs.factor(layer, { damping: DAMPING }), order, lower };
        const literal = eliminateLiterally(layer, h, columns, layer.boundaries);
        expect(largestError(layer, given, literal)).toBeLessThan(TOLERANCE);
      }),
    );
  });

  test("literal weights solve the normal equations: (W - W') H is zero on the columns that stay", () => {
    fc.assert(
      fc.property(cases, ([layer, structures]) => {
        const { rows, columns: n, weight, boundaries, groupSize } = layer;
        const h = dampedHessian(layer, DAMPING);
        const columns = columnsInOrder({ order: Int32Array.from(structures), groupSize });
        for (const [index, exact] of eliminateLiterally(layer, h, columns, boundaries).entries()) {
          const kept = columns.subarray(boundaries[index + 1]);
          for (let row = 0; row < rows; row++) {
            const change = Float64Array.from(weight.subarray(row * n, (row + 1) * n));
            for (const [at, column] of kept.entries()) change[column]! -= exact[row * kept.length + at]!;
            for (const column of kept) {
              const residual = change.reduce((sum, value, c) => sum + value * h[c * n + column]!, 0);
              expect(Math.abs(residual)).toBeLessThan(1e-10);
            }
          }
        }
      }),
    );
  });
});

test("a Hessian that is not positive definite is refused by both", () => {
  const layer = correlatedLayer(3, 6, 1, 3);
  const order = Int32Array.of(0, 1, 2, 3, 4, 5);
  const flat = new Float64Array(36).fill(1);
  for (const work of [
    () => lowerInOrder(flat, order, layer.boundaries),
    () => eliminateLiterally(layer, flat, order, layer.boundaries),
  ])
    expect(work).toThrow(expect.objectContaining({ code: "not-positive-definite" }));
});
