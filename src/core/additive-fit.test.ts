import { describe, expect, test } from "vitest";
import fixture from "../testing/fixtures/additive.json" with { type: "json" };
import { additive, spaceOf, stageLosses } from "../testing/landscapes.ts";
import { lossOf } from "./additive.ts";
import { fitLosses, type LossFit } from "./additive-fit.ts";
import { gammaLevels } from "./patterns.ts";
import { stream } from "./rng.ts";

test.each(fixture.fits.map((fit, i) => [i, fit] as const))("parity: fit %i", (_, { prior, samples, corrected }) => {
  const own = fitLosses(prior, samples).losses;
  for (const [s, stage] of corrected.entries())
    for (const [level, loss] of stage.entries()) expect(own[s]?.[level]).toBeCloseTo(loss, 10);
});

const space = spaceOf(6, 8, 24);
const losses = stageLosses(space, 3);
const random = stream(1, "samples");
const samples = (count: number, scale = 1) =>
  Array.from({ length: count }, () => {
    const levels = gammaLevels(random, space);
    return { levels, loss: 0.4 - scale * additive(losses)(levels) };
  });

describe("the prior", () => {
  test("stays as it is without samples, and with one", () => {
    expect(fitLosses(losses, []).losses).toEqual(losses);
    expect(fitLosses(losses, samples(1)).losses).toEqual(losses);
  });
  test("that was right is kept: scale and constant explain what a common scale does", () => {
    for (const scale of [1, 0.4, 3]) {
      const own = fitLosses(losses, samples(60, scale)).losses;
      for (const { levels } of samples(20))
        expect(Math.abs(lossOf(levels, own) / scale / lossOf(levels, losses) - 1)).toBeLessThan(0.1);
    }
  });
});

describe("draws", () => {
  type Levels = readonly number[];
  /** Of the difference between two schedules: the constant ranks nothing, and is not drawn. */
  const spread = (fit: LossFit, a: Levels, b: Levels) => {
    const drawn = Array.from({ length: 400 }, () => {
      const losses = fit.draw(random);
      return lossOf(a, losses) - lossOf(b, losses);
    });
    const mean = drawn.reduce((sum, value) => sum + value, 0) / drawn.length;
    return { mean, deviation: Math.sqrt(drawn.reduce((sum, value) => sum + (value - mean) ** 2, 0) / drawn.length) };
  };
  const around = (levels: Levels, loss: number) =>
    Array.from({ length: 100 }, () => ({ levels, loss: loss + 0.1 * random.normal() }));
  const [a, b] = [
    [8, 8, 8, 0, 0, 0],
    [0, 0, 0, 8, 8, 8],
  ] as const;
  const noisyFit = fitLosses(losses, [...around(a, 1), ...around(b, 2)]);

  test("lie around the fit", () => {
    const { mean, deviation } = spread(noisyFit, a, b);
    expect(Math.abs(mean - lossOf(a, noisyFit.losses) + lossOf(b, noisyFit.losses))).toBeLessThan(deviation / 4);
  });
  test("differ more where there are no samples", () => {
    const unseen = spread(noisyFit, [8, 0, 8, 0, 8, 0], [0, 8, 0, 8, 0, 8]);
    expect(unseen.deviation).toBeGreaterThan(3 * spread(noisyFit, a, b).deviation);
  });
  test("are the fit itself where it leaves no error, and the prior without samples", () => {
    const exact = fitLosses(losses, samples(40));
    expect(spread(exact, a, b).deviation).toBeLessThan(1e-9);
    expect(fitLosses(losses, []).draw(random)).toEqual(losses);
  });
});

test("without a prior the samples alone rank schedules", () => {
  const flat = losses.map((stage) => stage.map(() => 0));
  const own = fitLosses(flat, samples(300)).losses;
  const fresh = samples(200).map(({ levels, loss }) => [lossOf(levels, own), loss] as const);
  let [right, pairs] = [0, 0];
  for (const [i, [a, x]] of fresh.entries())
    for (const [b, y] of fresh.slice(0, i)) {
      pairs++;
      if (a < b === x < y) right++;
    }
  expect(right / pairs).toBeGreaterThan(0.95);
});
