import { describe, expect, test } from "vitest";
import {
  columnsInOrder,
  decodeFactor,
  encodeFactor,
  type Factor,
  factorBytes,
  identityFactor,
  lowerSize,
  materialise,
  solveV,
  unpackLower,
} from "./factor.ts";
import { type AnyTensor, tensor } from "./tensor.ts";

/** Repeatable values in [-1, 1). */
function values(length: number, seed: number): Float32Array {
  return Float32Array.from({ length }, (_, i) => (Math.imul(i + seed, 0x9e3779b1) >>> 0) / 2 ** 31 - 1);
}

const rows = 6;
const columns = 12;
const boundaries = Int32Array.of(0, 4, 6, 6, 10, 12);
const factor: Factor = {
  order: Int32Array.of(4, 0, 5, 2, 1, 3),
  groupSize: 2,
  boundaries,
  lower: values(lowerSize(boundaries), 7).map((x) => x / 4),
  constant: values(columns, 31),
  losses: Float64Array.of(0, 1, 2, 2, 5, 8.5),
};
const weight = values(rows * columns, 99);
const inOrder = [8, 9, 0, 1, 10, 11, 4, 5, 2, 3, 6, 7];
const permuted = Float32Array.from(weight, (_, i) => weight[i - (i % columns) + inOrder[i % columns]!]!);

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  return Array.from(a).reduce((worst, x, i) => Math.max(worst, Math.abs(x - b[i]!)), 0);
}

describe("layout", () => {
  test("columns follow the structures", () => {
    expect(Array.from(columnsInOrder(factor))).toEqual(inOrder);
  });

  test("unpacked, L has a unit diagonal and nothing else inside its level blocks or above", () => {
    const full = unpackLower(factor);
    const blockOf = (p: number) => boundaries.findLastIndex((start) => start <= p);
    let next = 0;
    for (let p = 0; p < columns; p++)
      for (let q = 0; q < columns; q++) {
        const expected = p === q ? 1 : blockOf(q) < blockOf(p) ? factor.lower[next++] : 0;
        expect(full[p * columns + q]).toBe(expected);
      }
    expect(next).toBe(factor.lower.length);
  });
});

describe("weights", () => {
  test("V L^T is W", () => {
    const v = solveV(factor, permuted, rows);
    const l = unpackLower(factor);
    const product = Float32Array.from(permuted, (_, i) => {
      const row = i - (i % columns);
      let sum = 0;
      for (let q = 0; q < columns; q++) sum += v[row + q]! * l[(i % columns) * columns + q]!;
      return sum;
    });
    expect(largestDifference(product, permuted)).toBeLessThan(1e-6);
  });

  test.each([0, 1, 2, 3, 4, 5])("level %i is V_S (L_SS)^T on the surviving columns, ascending", (level) => {
    const cut = materialise(factor, weight, rows, level);
    const removed = boundaries[level]!;
    const survivors = inOrder.slice(removed);
    expect(Array.from(cut.kept)).toEqual(survivors.toSorted((a, b) => a - b));
    const v = solveV(factor, permuted, rows);
    const l = unpackLower(factor);
    const expected: number[] = [];
    for (let row = 0; row < rows; row++)
      for (const column of cut.kept) {
        const p = inOrder.indexOf(column);
        let sum = 0;
        for (let q = removed; q < columns; q++) sum += v[row * columns + q]! * l[p * columns + q]!;
        expected.push(sum);
      }
    expect(largestDifference(cut.weight, expected)).toBeLessThan(1e-6);
  });

  test("level 0 is the dense weight to the bit", () => {
    expect(materialise(factor, weight, rows, 0).weight).toEqual(weight);
  });

  test("the top level has no columns", () => {
    expect(materialise(factor, weight, rows, 5)).toEqual({
      level: 5,
      kept: new Int32Array(0),
      weight: new Float32Array(0),
      shift: materialise(factor, weight, rows, 5).shift,
    });
  });

  test.each([0, 1, 2, 3, 4, 5])("the bias moves at level %i as if it were the weight of one more column", (level) => {
    // L with the constant's row below it, which no level removes.
    const wider = [...boundaries.slice(0, -1), columns, columns + 2];
    const packed: number[] = [...factor.lower, ...factor.constant, ...factor.constant];
    const longer: Factor = {
      ...factor,
      order: Int32Array.of(...factor.order, 6),
      boundaries: Int32Array.from(wider),
      lower: Float32Array.from(packed),
      constant: new Float32Array(0),
    };
    const biases = values(rows, 5);
    const both = Array.from({ length: rows }, (_, row) => [
      ...weight.subarray(row * columns, (row + 1) * columns),
      biases[row]!,
      0,
    ]);
    const { kept, weight: cut } = materialise(longer, Float32Array.from(both.flat()), rows, level);
    const at = kept.indexOf(columns);
    const { shift } = materialise(factor, weight, rows, level);
    const expected = Array.from(biases, (_, row) => cut[row * kept.length + at]! - biases[row]!);
    expect(largestDifference(shift, expected)).toBeLessThan(1e-6);
  });

  test("rows do not depend on their neighbours", () => {
    for (const count of [1, 2, 3, 5]) {
      const few = materialise(factor, weight.slice(0, count * columns), count, 2).weight;
      expect(few).toEqual(materialise(factor, weight, rows, 2).weight.slice(0, few.length));
    }
  });

  test("an identity factor only takes columns away", () => {
    const plain = identityFactor(factor.order, 2, boundaries);
    const { kept, weight: cut } = materialise(plain, weight, rows, 2);
    expect(solveV(plain, permuted, rows)).toEqual(permuted);
    kept.forEach((column, i) => {
      for (let row = 0; row < rows; row++) expect(cut[row * kept.length + i]).toBe(weight[row * columns + column]);
    });
    expect(unpackLower(plain).reduce((sum, x) => sum + x, 0)).toBe(columns);
  });

  test("a level that does not exist and a weight that does not fit are refused", () => {
    expect(() => materialise(factor, weight, rows, 6)).toThrow("level 6 is not one of 0 … 5");
    expect(() => materialise(factor, weight, rows, 0.5)).toThrow("level 0.5");
    expect(() => materialise(factor, weight, 5, 1)).toThrow("72 weights do not fill [5, 12]");
    expect(() => solveV(factor, permuted, 7)).toThrow("[7, 12]");
  });
});

describe("stored form", () => {
  test("comes back equal, and its size is known before", () => {
    const stored = encodeFactor(factor);
    expect(decodeFactor(stored)).toEqual(factor);
    const bytes = Object.values(stored).reduce((sum, { data }) => sum + data.byteLength, 0);
    expect(factorBytes(columns, 2, boundaries)).toBe(bytes - 4 * columns); // `constant` comes on top
    const plain = identityFactor(factor.order, 2, boundaries);
    expect(decodeFactor(encodeFactor(plain))).toEqual(plain);
  });

  const stored = encodeFactor(factor);
  const ints = (...data: number[]): AnyTensor => tensor(Int32Array.from(data), [data.length]);
  const floats = (...data: number[]): AnyTensor => tensor(Float32Array.from(data), [data.length]);
  test.each<[string, Record<string, AnyTensor | undefined>, string]>([
    ["a missing array", { order: undefined }, '"order" is missing'],
    ["a wrong type", { order: floats(4, 0, 5, 2, 1, 3) }, '"order" is not int32'],
    ["a repeated structure", { order: ints(4, 0, 5, 2, 1, 4) }, '"order" is not a permutation of 0 … 5'],
    ["a structure out of range", { order: ints(4, 0, 5, 2, 1, 6) }, '"order" is not a permutation'],
    ["no structure", { order: ints() }, '"order" is not a permutation'],
    ["no group size", { groupSize: ints() }, '"groupSize" is 0'],
    ["a negative group size", { groupSize: ints(-2) }, '"groupSize" is -2'],
    ["boundaries of another layer", { boundaries: ints(0, 4, 6, 6, 10, 14) }, '"boundaries" [0, 4, 6, 6, 10, 14]'],
    ["boundaries that fall", { boundaries: ints(0, 6, 4, 6, 10, 12) }, '"boundaries"'],
    ["boundaries inside a head", { boundaries: ints(0, 3, 6, 6, 10, 12) }, '"boundaries"'],
    ["no boundaries", { boundaries: ints() }, '"boundaries"'],
    ["a short factor", { lower: floats(1, 2, 3) }, '"lower" has 3 values instead of'],
    ["NaN", { lower: floats(...factor.lower.map((x, i) => (i === 9 ? Number.NaN : x))) }, "not finite"],
    ["missing losses", { losses: floats(0, 1) }, '"losses" has 2 values for 6 boundaries'],
    ["a shape that lies", { lower: { shape: [3], data: factor.lower } }, '"lower" does not fill its shape'],
  ])("%s is refused by name", (_, changed, message) => {
    const arrays = Object.fromEntries(
      Object.entries({ ...stored, ...changed }).filter((entry): entry is [string, AnyTensor] => entry[1] !== undefined),
    );
    expect(() => decodeFactor(arrays, "bank 3f, blocks.0.mlp.fc2")).toThrow(message);
    expect(() => decodeFactor(arrays, "bank 3f, blocks.0.mlp.fc2")).toThrow(/^bank 3f, blocks.0.mlp.fc2: /);
  });
});
