import fc from "fast-check";
import { expect, test } from "vitest";
import { flowNoise, linearNoise, sharesAt } from "../core/noise.ts";
import { tensor } from "../core/tensor.ts";
import { timeline } from "../core/timeline.ts";
import { samplers } from "../samplers/index.ts";
import { relativeError, TOLERANCE } from "../testing/close.ts";
import { runSteps } from "../testing/run-steps.ts";
import { cleanLatents } from "./clean-latents.ts";

const item = (values: readonly number[]) => tensor(Float32Array.from(values), [1, 1, 1, values.length]);
const four = fc.array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: 4, maxLength: 4 });
const cases = samplers.ids.flatMap((id) => samplers.get(id).predictions.map((prediction) => [id, prediction] as const));

test.each(cases)("of a run of %s, %s prediction, they are what the network predicted", (id, prediction) => {
  fc.assert(
    fc.property(four, four, fc.integer({ min: 1, max: 12 }), (start, near, count) => {
      const line = timeline(prediction === "flow" ? flowNoise(1000) : linearNoise(1e-4, 0.02, 1000), count);
      const steps = samplers.get(id).steps(line, prediction, {});
      // a network that sees a clean latent near the same place, another one at every step
      const { latents, clean } = runSteps(start, steps, (x, { clean: mix }, index) =>
        x.map((value, i) => ((near[(i + index) % 4] as number) - mix.latent * value) / mix.output),
      );
      const trajectory = latents.map((latent) => ({ latent: item(latent) }));
      const found = cleanLatents(item(start), trajectory, steps);
      expect(found).toHaveLength(count);
      for (const [step, { data }] of found.entries()) {
        // of an epsilon prediction x_T holds x_0 at a share of a, and so do its float32 digits; short steps cost some more
        const { a } = sharesAt(line.noise, steps[step]?.timestep);
        const digits = (5 * TOLERANCE.forward * count) / (prediction === "flow" ? 1 : a);
        expect(relativeError([...data, 2], [...(clean[step] as number[]), 2])).toBeLessThan(digits);
      }
    }),
  );
});
