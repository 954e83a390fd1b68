import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { linearNoise } from "../core/noise.ts";
import { timeline } from "../core/timeline.ts";
import { runSteps } from "../testing/run-steps.ts";
import { samplers } from "./index.ts";

const noise = linearNoise(1e-4, 0.02, 1000);
const sharesAt = (t: number | undefined) => {
  const alphaBar = t === undefined ? 1 : (noise.alphaBar[t] as number);
  return { a: Math.sqrt(alphaBar), s: Math.sqrt(1 - alphaBar) };
};

describe.each(samplers.ids)("%s", (id) => {
  test.each(["epsilon", "v"] as const)(
    "from exact %s, stays on the path of one clean latent and ends there",
    (prediction) => {
      const [clean, eps] = [0.7, -1.3];
      fc.assert(
        fc.property(fc.integer({ min: 1, max: 60 }), (count) => {
          const line = timeline(noise, count);
          const steps = samplers.get(id).steps(line, prediction, {});
          expect(steps.map(({ timestep }) => timestep)).toEqual(line.timesteps);
          const first = sharesAt(line.timesteps[0]);
          const ran = runSteps([first.a * clean + first.s * eps], steps, (_, { timestep }) => {
            const { a, s } = sharesAt(timestep);
            return [prediction === "epsilon" ? eps : a * eps - s * clean];
          });
          for (const [i, [x]] of ran.latents.entries()) {
            const { a, s } = sharesAt(line.timesteps[i + 1]);
            expect(x).toBeCloseTo(a * clean + s * eps, 10);
            expect(ran.clean[i]?.[0]).toBeCloseTo(clean, 10);
          }
        }),
      );
    },
  );

  test("looks back at no step before the first", () => {
    for (const count of [1, 2, 3, 20]) {
      const [first] = samplers.get(id).steps(timeline(noise, count), "v", {});
      expect(first?.previous).toBe(0);
    }
  });
});
