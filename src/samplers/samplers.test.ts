import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { flowNoise, linearNoise, sharesAt } from "../core/noise.ts";
import { timeline } from "../core/timeline.ts";
import { runSteps } from "../testing/run-steps.ts";
import { samplers, samplersFor } from "./index.ts";
import type { Prediction } from "./sampler.ts";

const [diffusion, flow] = [linearNoise(1e-4, 0.02, 1000), flowNoise(1000)];
const noiseOf = (prediction: Prediction) => (prediction === "flow" ? flow : diffusion);

describe.each(samplers.ids)("%s", (id) => {
  const { predictions } = samplers.get(id);
  test.each(predictions)("from exact %s, stays on the path of one clean latent and ends there", (prediction) => {
    const noise = noiseOf(prediction);
    const [clean, eps] = [0.7, -1.3];
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), (count) => {
        const line = timeline(noise, count);
        const steps = samplers.get(id).steps(line, prediction, {});
        expect(steps.map(({ timestep }) => timestep)).toEqual(line.timesteps);
        const first = sharesAt(noise, line.timesteps[0]);
        const ran = runSteps([first.a * clean + first.s * eps], steps, (_, { timestep }) => {
          const { a, s } = sharesAt(noise, timestep);
          return [{ epsilon: eps, v: a * eps - s * clean, flow: eps - clean }[prediction]];
        });
        for (const [i, [x]] of ran.latents.entries()) {
          const { a, s } = sharesAt(noise, line.timesteps[i + 1]);
          expect(x).toBeCloseTo(a * clean + s * eps, 10);
          expect(ran.clean[i]?.[0]).toBeCloseTo(clean, 10);
        }
      }),
    );
  });

  test.each(predictions)("looks back at no step before the first, of %s", (prediction) => {
    for (const count of [1, 2, 3, 20]) {
      const [first] = samplers.get(id).steps(timeline(noiseOf(prediction), count), prediction, {});
      expect(first?.previous).toBe(0);
    }
  });
});

test("every prediction has samplers, first its usual one, which looks at one step only", () => {
  const usual = (["epsilon", "v", "flow"] as const).map((prediction) => samplersFor(prediction)[0]);
  expect(usual).toEqual(["ddim", "ddim", "flow-euler"]);
});
