import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkOptions, type OptionValues } from "../../core/options.ts";
import { metrics } from "../index.ts";
import { stepWeights, trajectoryOptions } from "./trajectory.ts";

const weightsOf = (values: OptionValues, steps: number) =>
  stepWeights(checkOptions("ssim", trajectoryOptions, values), steps);
const values = fc.record({
  mode: fc.constantFrom(...trajectoryOptions.mode.choices),
  weights: fc.constantFrom(...trajectoryOptions.weights.choices),
  suffix: fc.double({ min: 0, max: 1, noNaN: true }),
});

test("weights add up to 1, never fall towards the end, and are highest for the last step", () => {
  fc.assert(
    fc.property(values, fc.integer({ min: 1, max: 60 }), (options, steps) => {
      const weights = weightsOf(options, steps);
      expect(weights).toHaveLength(steps);
      expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12);
      expect(weights).toEqual([...weights].sort((a, b) => a - b));
      expect(weights[0]).toBeGreaterThanOrEqual(0);
    }),
  );
});

describe("parity with NumPy, their lists turned to run with time", () => {
  test.each([
    [{}, 4, [0, 0, 0, 1]],
    [{ mode: "final", weights: "cosine", suffix: 1 }, 3, [0, 0, 1]],
    [{ mode: "full" }, 4, [0.25, 0.25, 0.25, 0.25]],
    // np.linspace(.5, 1, 3) / 2.25
    [{ mode: "full", weights: "linear" }, 3, [0.5 / 2.25, 0.75 / 2.25, 1 / 2.25]],
    // 0.5 * (1 - np.cos(np.pi * np.linspace(0, 1, 4))) / 2
    [{ mode: "full", weights: "cosine" }, 4, [0, 0.125, 0.375, 0.5]],
    [{ mode: "suffix" }, 4, [0, 0, 0.5, 0.5]],
    // Python: max(1, round(0.5 * 5)) == 2, round(0.3 * 5) == 2, round(0.7 * 5) == 4
    [{ mode: "suffix" }, 5, [0, 0, 0, 0.5, 0.5]],
    [{ mode: "suffix", suffix: 0.3, weights: "cosine" }, 5, [0, 0, 0, 0, 1]],
    [{ mode: "suffix", suffix: 0.7, weights: "linear" }, 5, [0, 1 / 6, 2 / 9, 5 / 18, 1 / 3]],
    [{ mode: "suffix", suffix: 0 }, 3, [0, 0, 1]],
    [{ mode: "suffix", suffix: 1 }, 2, [0.5, 0.5]],
  ] satisfies [OptionValues, number, number[]][])("%o of %i steps", (options, steps, expected) => {
    const found = weightsOf(options, steps);
    for (const [step, weight] of expected.entries()) expect(found[step]).toBeCloseTo(weight, 12);
  });
});

test.each(metrics.ids)("%s has them beside its own options", (id) => {
  const { options, parts } = metrics.get(id);
  expect(options).toMatchObject(trajectoryOptions);
  for (const own of Object.keys(parts.get(id)?.options ?? {})) expect(trajectoryOptions).not.toHaveProperty(own);
});
