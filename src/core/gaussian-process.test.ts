import { describe, expect, test } from "vitest";
import fixture from "../testing/fixtures/gaussian-process.json" with { type: "json" };
import { interacting, spaceOf, stageLosses } from "../testing/landscapes.ts";
import { fitProcess } from "./gaussian-process.ts";
import { gammaLevels } from "./patterns.ts";
import { stream } from "./rng.ts";

/** Draws of unit normals, one coordinate at a time: what comes of them is the root of the covariance. */
const unit = (at: number) => {
  let index = 0;
  return { normal: () => (index++ === at ? 1 : 0) };
};

describe.each(fixture.fits.map((fit, i) => [i, fit] as const))("parity: fit %i", (_, fit) => {
  const process = fitProcess(fit.samples, fit.prior);
  const mean = [...process.expected(fit.schedules)];

  test("expects what the definition says", () => {
    for (const [i, value] of mean.entries()) expect(value).toBeCloseTo(fit.mean[i] as number, 9);
  });

  test("draws with the covariance of the definition", () => {
    const columns = fit.schedules.map((_, at) => {
      const [draw] = process.draw(fit.schedules, 1, unit(at)) as [Float64Array];
      return [...draw].map((value, i) => value - (mean[i] as number));
    });
    for (const [i, row] of fit.covariance.entries())
      for (const [j, expected] of row.entries())
        expect(columns.reduce((sum, c) => sum + (c[i] as number) * (c[j] as number), 0)).toBeCloseTo(expected, 9);
  });
});

test("learns what a sum over stages cannot: where stages interact, it ranks schedules that it never saw", () => {
  const space = spaceOf(6, 8, 24);
  const losses = stageLosses(space, 3);
  const landscape = interacting(losses, 0.5);
  const random = stream(1, "samples");
  const sample = () => {
    const levels = gammaLevels(random, space);
    return { levels, fitness: landscape(levels) };
  };
  const process = fitProcess(Array.from({ length: 150 }, sample), losses);
  const unseen = Array.from({ length: 200 }, sample);
  const expected = process.expected(unseen.map(({ levels }) => levels));
  const error = (guess: (i: number) => number) =>
    Math.sqrt(unseen.reduce((sum, { fitness }, i) => sum + (guess(i) - fitness) ** 2, 0) / unseen.length);
  const mean = unseen.reduce((sum, { fitness }) => sum + fitness, 0) / unseen.length;
  expect(error((i) => expected[i] as number)).toBeLessThan(0.2 * error(() => mean));
});

test("equal fitness everywhere leaves nothing to draw", () => {
  const losses = [0, 1, 2].map(() => [0, 0, 0, 0]);
  const samples = [
    { levels: [1, 2, 3], fitness: 0.5 },
    { levels: [3, 2, 1], fitness: 0.5 },
  ];
  const [draw] = fitProcess(samples, losses).draw([[2, 2, 2]], 1, stream(1)) as [Float64Array];
  expect(draw[0]).toBe(0.5);
});
