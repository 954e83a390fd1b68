import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { arranged, type Order, orders } from "./disagreement.ts";

const all = Object.keys(orders) as Order[];
const values = fc.array(fc.option(fc.double({ min: 0, max: 2, noNaN: true }), { nil: undefined }), { maxLength: 40 });

describe("the order of pictures", () => {
  test.each(all)("%s shows every picture once, those without a value last unless the order does not look", (order) => {
    fc.assert(
      fc.property(values, fc.nat(), (disagreement, seed) => {
        const shown = arranged(disagreement, order, seed);
        expect([...shown].sort((a, b) => a - b)).toEqual([...disagreement.keys()]);
        expect(arranged(disagreement, order, seed)).toEqual(shown);
        if (order === "drawn" || order === "random") return;
        const unknown = shown.map((index) => disagreement[index] === undefined);
        expect(unknown).toEqual([...unknown].sort());
      }),
    );
  });

  test("largest, smallest and median say what they mean", () => {
    const disagreement = [0.3, 0.1, 0.9, 0.35, 0.5];
    expect(arranged(disagreement, "largest", 0)).toEqual([2, 4, 3, 0, 1]);
    expect(arranged(disagreement, "smallest", 0)).toEqual([1, 0, 3, 4, 2]);
    expect(arranged(disagreement, "median", 0)).toEqual([3, 0, 4, 1, 2]);
  });

  test("random follows the seed", () => {
    const shown = (seed: number) => arranged(new Array<number>(30).fill(0), "random", seed).join();
    expect(shown(1)).not.toBe(shown(2));
  });
});
