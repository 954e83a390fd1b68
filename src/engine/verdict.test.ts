import { describe, expect, test } from "vitest";
import { pairedDifference, verdict } from "./verdict.ts";

// scipy.stats.ttest_rel(a, b).confidence_interval(0.95), SciPy 1.10
const a = [0.91, 0.88, 0.95, 0.9, 0.87, 0.93];
const b = [0.89, 0.87, 0.91, 0.9, 0.86, 0.9];

describe("paired difference", () => {
  test("agrees with SciPy's paired t interval", () => {
    const { mean, low, high } = pairedDifference(a, b);
    expect(mean).toBeCloseTo(0.018333333333333316, 12);
    expect(low).toBeCloseTo(0.002886059, 9);
    expect(high).toBeCloseTo(0.0337806077, 9);
  });

  test("an interval of many agrees with SciPy", () => {
    const many = Array.from({ length: 41 }, (_, index) => index % 3);
    const { mean, high } = pairedDifference(
      many,
      many.map(() => 0),
    );
    expect(high - mean).toBeCloseTo(0.2592067012, 9);
  });

  test("changes sign with its arguments", () => {
    const forward = pairedDifference(a, b);
    const backward = pairedDifference(b, a);
    expect(backward.mean).toBeCloseTo(-forward.mean, 12);
    expect(backward.low).toBeCloseTo(-forward.high, 12);
  });
});

describe("verdict", () => {
  test("better only when both intervals lie above zero", () => {
    expect(verdict(a, b, b).better).toBe(true);
    expect(verdict(a, b, a).better).toBe(false);
    expect(verdict(b, a, a).better).toBe(false);
  });
});
