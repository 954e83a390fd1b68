import { describe, expect, test } from "vitest";
import fixture from "../testing/fixtures/additive.json" with { type: "json" };
import { additive, spaceOf, stageLosses } from "../testing/landscapes.ts";
import { lossOf } from "./additive.ts";
import { correctedLosses } from "./additive-fit.ts";
import { gammaLevels } from "./patterns.ts";
import { stream } from "./rng.ts";

test.each(fixture.fits.map((fit, i) => [i, fit] as const))("parity: fit %i", (_, { prior, samples, corrected }) => {
  const own = correctedLosses(prior, samples);
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
    expect(correctedLosses(losses, [])).toEqual(losses);
    expect(correctedLosses(losses, samples(1))).toEqual(losses);
  });
  test("that was right is kept: scale and constant explain what a common scale does", () => {
    for (const scale of [1, 0.4, 3]) {
      const own = correctedLosses(losses, samples(60, scale));
      for (const { levels } of samples(20))
        expect(Math.abs(lossOf(levels, own) / scale / lossOf(levels, losses) - 1)).toBeLessThan(0.1);
    }
  });
});

test("without a prior the samples alone rank schedules", () => {
  const flat = losses.map((stage) => stage.map(() => 0));
  const own = correctedLosses(flat, samples(300));
  const fresh = samples(200).map(({ levels, loss }) => [lossOf(levels, own), loss] as const);
  let [right, pairs] = [0, 0];
  for (const [i, [a, x]] of fresh.entries())
    for (const [b, y] of fresh.slice(0, i)) {
      pairs++;
      if (a < b === x < y) right++;
    }
  expect(right / pairs).toBeGreaterThan(0.95);
});
