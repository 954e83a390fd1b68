import { describe, expect, test } from "vitest";
import { linearNoise } from "../core/noise.ts";
import { timeline } from "../core/timeline.ts";
import { relativeError } from "../testing/close.ts";
import fixture from "../testing/fixtures/ddim.json" with { type: "json" };
import { linearNetwork } from "../testing/linear-network.ts";
import { runSteps } from "../testing/run-steps.ts";
import { ddim } from "./ddim.ts";
import type { Prediction } from "./sampler.ts";

const noise = linearNoise(1e-4, 0.02, 1000);

describe("parity with the long way in float64", () => {
  test.each(fixture.runs)("$steps steps, $prediction", ({ steps, prediction, timesteps, x: expected }) => {
    const program = ddim.steps(timeline(noise, steps), prediction as Prediction, {});
    expect(program.map(({ timestep }) => timestep)).toEqual(timesteps);
    const network = linearNetwork(fixture);
    const { latents } = runSteps(fixture.start, program, (x, { timestep }) => network(x, timestep));
    expect(relativeError(latents.at(-1) as number[], expected)).toBeLessThan(1e-10);
  });
});

test("looks at one step only", () => {
  expect(ddim.steps(timeline(noise, 20), "v", {}).every(({ previous }) => previous === 0)).toBe(true);
});
