import { describe, expect, test } from "vitest";
import fixture from "../testing/fixtures/evolution.json" with { type: "json" };
import { numpyRandom, pythonRandom } from "./mersenne.ts";

describe("parity", () => {
  test.each(fixture.draws)("seed $seed draws as CPython and NumPy do", ({ seed, below, pairs, gammas }) => {
    const python = pythonRandom(seed);
    expect(below.map(([n]) => [n, python.below(n as number)])).toEqual(below);
    expect(pairs.map(([n]) => [n, ...python.pair(n as number)])).toEqual(pairs);
    const numpy = numpyRandom(seed);
    for (const gamma of gammas) expect(Math.abs(numpy.exponential() - gamma)).toBeLessThan(1e-14 * (1 + gamma));
  });

  test("the reference values of seed 42", () => {
    const python = pythonRandom(42);
    expect([python.pair(10), python.pair(10), python.pair(10)]).toEqual([
      [1, 0],
      [4, 3],
      [3, 2],
    ]);
    expect(Array.from({ length: 5 }, () => python.integer(1, 5))).toEqual([1, 5, 1, 5, 4]);
    expect(Array.from({ length: 5 }, () => python.below(4))).toEqual([0, 0, 0, 1, 1]);
    const numpy = numpyRandom(42);
    const gammas = [0.46926809, 3.01012143, 1.31674569, 0.91294255, 0.16962487];
    for (const gamma of gammas) expect(numpy.exponential()).toBeCloseTo(gamma, 8);
  });
});

test.each([
  ["python", pythonRandom, (random: ReturnType<typeof pythonRandom>) => random.below(1000)],
  ["numpy", numpyRandom, (random: ReturnType<typeof numpyRandom>) => random.exponential()],
] as const)("%s: a position is the whole state", (_, make, draw) => {
  const one = make(5);
  for (let i = 0; i < 700; i++) draw(one as never);
  const at = one.position;
  const next = Array.from({ length: 20 }, () => draw(one as never));
  for (const other of [make(5), one]) {
    other.seek(at);
    expect(Array.from({ length: 20 }, () => draw(other as never))).toEqual(next);
  }
  expect(() => one.seek(-1)).toThrow("-1 is not a position");
});

test("seeds that the authors' generators do not take are refused", () => {
  for (const seed of [-1, 2 ** 32, 0.5]) {
    expect(() => pythonRandom(seed)).toThrow(`seed ${seed}`);
    expect(() => numpyRandom(seed)).toThrow(`seed ${seed}`);
  }
});
