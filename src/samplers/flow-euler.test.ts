import { expect, test } from "vitest";
import { flowNoise } from "../core/noise.ts";
import { timeline } from "../core/timeline.ts";
import { relativeError } from "../testing/close.ts";
import fixture from "../testing/fixtures/flow-euler.json" with { type: "json" };
import { linearNetwork } from "../testing/linear-network.ts";
import { runSteps } from "../testing/run-steps.ts";
import { flowEuler } from "./flow-euler.ts";
import { samplers } from "./index.ts";

const noise = flowNoise(1000);

test.each(fixture.runs)("parity in float64 on a flow: $steps steps of $sampler", ({ sampler, steps, x: expected }) => {
  const program = samplers.get(sampler).steps(timeline(noise, steps), "flow", {});
  const network = linearNetwork(fixture);
  const { latents } = runSteps(fixture.start, program, (x, { timestep }) => network(x, noise.told[timestep] as number));
  expect(relativeError(latents.at(-1) as number[], expected)).toBeLessThan(1e-10);
});

test("one step goes all the way to the clean latent that the network predicts", () => {
  const [step] = flowEuler.steps(timeline(noise, 1), "flow", {});
  expect(step?.next).toEqual(step?.clean);
});
