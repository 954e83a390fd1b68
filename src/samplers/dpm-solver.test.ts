import { describe, expect, test } from "vitest";
import { linearNoise, sharesAt } from "../core/noise.ts";
import { timeline } from "../core/timeline.ts";
import { relativeError } from "../testing/close.ts";
import fixture from "../testing/fixtures/dpm-solver.json" with { type: "json" };
import { linearNetwork } from "../testing/linear-network.ts";
import { runSteps } from "../testing/run-steps.ts";
import { ddim } from "./ddim.ts";
import { dpmSolver } from "./dpm-solver.ts";
import type { Prediction } from "./sampler.ts";

const noise = linearNoise(1e-4, 0.02, 1000);

describe("parity with the paper's algorithm in float64", () => {
  test.each(fixture.runs)("$steps steps, $prediction", ({ steps, prediction, x: expected }) => {
    const program = dpmSolver.steps(timeline(noise, steps), prediction as Prediction, {});
    const network = linearNetwork(fixture);
    const { latents } = runSteps(fixture.start, program, (x, { timestep }) => network(x, timestep));
    expect(relativeError(latents.at(-1) as number[], expected)).toBeLessThan(1e-10);
  });
});

test("the first step and the last two are DDIM's", () => {
  for (const prediction of ["epsilon", "v"] as const) {
    const line = timeline(noise, 9);
    const [own, other] = [dpmSolver, ddim].map((sampler) => sampler.steps(line, prediction, {}));
    for (const place of [0, -2, -1]) {
      expect(own?.at(place)?.previous).toBe(0);
      expect(own?.at(place)?.next.latent).toBeCloseTo(other?.at(place)?.next.latent as number, 12);
      expect(own?.at(place)?.next.output).toBeCloseTo(other?.at(place)?.next.output as number, 12);
    }
    expect(own?.slice(1, -2).every(({ previous }) => previous !== 0)).toBe(true);
  }
});

test("for latents that are normal, whose path is known, it errs less than DDIM with twice the steps", () => {
  // of variance 1/4: x over its standard deviation (a^2 / 4 + s^2)^(1/2) stays as it is
  const errorOf = (count: number, sampler = dpmSolver) => {
    const line = timeline(noise, count);
    const predicted = (x: number, t: number) => {
      const { a, s } = sharesAt(noise, t);
      const x0 = (0.25 * a * x) / (0.25 * a ** 2 + s ** 2);
      return (x - a * x0) / s;
    };
    const { latents } = runSteps([1], sampler.steps(line, "epsilon", {}), ([x], { timestep }) => [
      predicted(x as number, timestep),
    ]);
    const { a, s } = sharesAt(noise, 999);
    const exact = 0.5 / Math.sqrt(0.25 * a ** 2 + s ** 2);
    return Math.abs((latents.at(-1)?.[0] as number) - exact);
  };
  for (const count of [20, 25, 50]) expect(errorOf(count)).toBeLessThan(errorOf(2 * count, ddim));
  expect(errorOf(50)).toBeLessThan(errorOf(25) / 4);
});
