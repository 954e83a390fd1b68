import fc from "fast-check";
import { describe, expect, test } from "vitest";
import fixture from "../testing/fixtures/rng.json" with { type: "json" };
import { normals, philox, stream } from "./rng.ts";

describe("philox", () => {
  // Random123's known answers (kat_vectors, philox4x32 10)
  test.each([
    [[0, 0, 0, 0, 0, 0], "6627e8d5 e169c58d bc57ac4c 9b00dbd8"],
    [new Array(6).fill(0xffffffff), "408f276d 41c83b0e a20bc7c6 6d5451fd"],
    [[0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, 0xa4093822, 0x299f31d0], "d16cfe09 94fdcceb 5001e420 24126ea1"],
  ])("known answer %#", (words, answer) => {
    const out = new Uint32Array(4);
    philox(...(words as [number, number, number, number, number, number]), out);
    expect([...out].map((word) => word.toString(16).padStart(8, "0")).join(" ")).toBe(answer);
  });
});

describe("parity", () => {
  test.each(fixture.streams.map((s) => [`${s.seed} ${s.path.join("/")}`, s] as const))("stream %s", (_, expected) => {
    const random = stream(expected.seed, ...expected.path);
    expect(expected.words.map(() => random.uint32())).toEqual(expected.words);
    random.seek(4 * (2 ** 32 + 5));
    expect(expected.far.map(() => random.uint32())).toEqual(expected.far);
    const drawn = normals(expected.seed, expected.path, 32);
    for (const [i, value] of expected.normals.entries())
      expect(Math.abs((drawn[i] as number) - value)).toBeLessThan(1e-6);
  });
});

describe("streams", () => {
  test("a position is the whole state", () => {
    fc.assert(
      fc.property(fc.integer(), fc.nat(100), fc.nat(50), (seed, skip, count) => {
        const one = stream(seed, "a");
        for (let i = 0; i < skip; i++) one.uint32();
        const other = stream(seed, "a");
        other.seek(one.position);
        for (let i = 0; i < count; i++) expect(other.normal()).toBe(one.normal());
        expect(other.position).toBe(one.position);
      }),
    );
  });

  test("names are independent: order, type and nesting of parts matter", () => {
    const paths = [[], ["a"], ["b"], ["a", "b"], ["b", "a"], ["ab"], [1], ["1"], [1, 0], [0, 1], [0]];
    const firsts = paths.map((path) => stream(5, ...path).uint32());
    expect(new Set(firsts).size).toBe(paths.length);
    expect(stream(6).uint32()).not.toBe(firsts[0]);
    expect(stream(-0).uint32()).toBe(stream(0).uint32());
  });

  test("below is uniform and within bounds", () => {
    const random = stream(1, "below");
    const counts = new Array<number>(7).fill(0);
    for (let i = 0; i < 70_000; i++) counts[random.below(7)]! += 1;
    const chi2 = counts.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0);
    expect(chi2).toBeLessThan(22.46); // 0.1 % of 6 degrees of freedom
    expect(() => random.below(0)).toThrow("below");
    expect(() => random.below(2 ** 33)).toThrow("below");
  });

  test("below rejects the incomplete run", () => {
    // of 3 * 2^30 values, a plain remainder would give the first third twice as often
    const random = stream(2, "below");
    let low = 0;
    for (let i = 0; i < 9000; i++) if (random.below(3 * 2 ** 30) < 2 ** 30) low++;
    expect(Math.abs(low - 3000)).toBeLessThan(200);
  });

  test("integer includes both ends", () => {
    const random = stream(3);
    const seen = new Set(Array.from({ length: 200 }, () => random.integer(-2, 2)));
    expect([...seen].sort((a, b) => a - b)).toEqual([-2, -1, 0, 1, 2]);
  });

  test("shuffle is a permutation and leaves its argument", () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), fc.integer(), (items, seed) => {
        const before = [...items];
        const after = stream(seed).shuffle(items);
        expect(items).toEqual(before);
        expect(after.toSorted((a, b) => a - b)).toEqual(before.toSorted((a, b) => a - b));
      }),
    );
  });
});

function moments(values: Iterable<number>): { mean: number; variance: number } {
  const list = [...values];
  const mean = list.reduce((sum, x) => sum + x, 0) / list.length;
  return { mean, variance: list.reduce((sum, x) => sum + (x - mean) ** 2, 0) / list.length };
}

describe("distributions", () => {
  const n = 100_000;
  const four = 4 / Math.sqrt(n); // four standard errors of a mean with variance 1
  test("normals", () => {
    const { mean, variance } = moments(normals(1, ["moments"], n));
    expect(Math.abs(mean)).toBeLessThan(four);
    expect(Math.abs(variance - 1)).toBeLessThan(four * Math.SQRT2);
  });
  test("normal, exponential, uniform", () => {
    const random = stream(2, "moments");
    const draws = (draw: () => number) => moments(Array.from({ length: n }, draw));
    expect(Math.abs(draws(random.normal).mean)).toBeLessThan(four);
    expect(Math.abs(draws(random.exponential).mean - 1)).toBeLessThan(four);
    expect(Math.abs(draws(random.uniform).variance - 1 / 12)).toBeLessThan(four / 12);
  });
  test("a longer draw starts with the shorter one", () => {
    fc.assert(
      fc.property(fc.nat(40), fc.nat(40), (a, b) => {
        expect([...normals(9, ["x"], a + b)].slice(0, a)).toEqual([...normals(9, ["x"], a)]);
      }),
    );
  });
});

test("the bits of the noise are part of every stored result", () => {
  // FNV-1a over 4096 float32; a change here changes the pictures of every seed
  let hash = 0x811c9dc5;
  for (const byte of new Uint8Array(normals(0, ["pinned"], 4096).buffer)) hash = Math.imul(hash ^ byte, 0x01000193);
  expect((hash >>> 0).toString(16)).toBe("f4c924e5");
});
