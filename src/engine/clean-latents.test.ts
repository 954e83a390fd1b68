import fc from "fast-check";
import { expect, test } from "vitest";
import { linearNoise } from "../core/noise.ts";
import { type Tensor, tensor } from "../core/tensor.ts";
import { timeline } from "../core/timeline.ts";
import { ddim } from "../samplers/ddim.ts";
import type { LinearStep, Prediction } from "../samplers/sampler.ts";
import { relativeError, TOLERANCE } from "../testing/close.ts";
import { cleanLatents } from "./clean-latents.ts";

const noise = linearNoise(1e-4, 0.02, 1000);
const SHAPE = [1, 1, 1, 4];
const item = (values: readonly number[]): Tensor => tensor(Float32Array.from(values), SHAPE);
const four = fc.array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: 4, maxLength: 4 });

/** Runs a table on given network outputs, as a solver does. [steps] */
function run(
  start: readonly number[],
  steps: readonly LinearStep[],
  outputs: readonly (readonly number[])[],
): Tensor[] {
  let x = [...start];
  return steps.map(({ latent, predictions }, index) => {
    x = x.map((value, i) =>
      predictions.reduce((sum, weight, k) => sum + weight * (outputs[index - k]?.[i] as number), latent * value),
    );
    return item(x);
  });
}

test.each(["epsilon", "v"] as const)(
  "on a path of one clean latent, %s prediction finds it at every step",
  (prediction) => {
    fc.assert(
      fc.property(four, four, fc.integer({ min: 1, max: 50 }), (clean, eps, count) => {
        const steps = ddim.steps(timeline(noise, count), prediction, {});
        const amounts = steps.map(({ timestep }) => {
          const alphaBar = noise.alphaBar[timestep] as number;
          return [Math.sqrt(alphaBar), Math.sqrt(1 - alphaBar)] as const;
        });
        const outputs = amounts.map(([a, s]) =>
          eps.map((e, i) => (prediction === "epsilon" ? e : a * e - s * (clean[i] as number))),
        );
        const [a, s] = amounts[0] as readonly [number, number];
        const start = clean.map((value, i) => a * value + s * (eps[i] as number));
        const found = cleanLatents(item(start), run(start, steps, outputs), steps, noise, prediction);
        expect(found).toHaveLength(count);
        for (const [step, { data }] of found.entries()) {
          // x_T holds x_0 at a share of sqrt(alphaBar), and so do its float32 digits; short steps cost some more.
          const digits = (2e-6 * count) / (amounts[step]?.[0] as number);
          for (const [i, value] of data.entries()) expect(Math.abs(value - (clean[i] as number))).toBeLessThan(digits);
        }
      }),
    );
  },
);

test("takes past outputs out of what a solver with a memory made", () => {
  fc.assert(
    fc.property(four, fc.array(four, { minLength: 4, maxLength: 4 }), (start, outputs) => {
      const steps = outputs.map((_, index) => ({
        timestep: 600 - 150 * index,
        latent: 0.9,
        predictions: [-0.4, 0.3, -0.2].slice(0, index + 1),
      }));
      const trajectory = run(start, steps, outputs);
      for (const prediction of ["epsilon", "v"] satisfies Prediction[])
        for (const [index, { data }] of cleanLatents(item(start), trajectory, steps, noise, prediction).entries()) {
          const alphaBar = noise.alphaBar[steps[index]?.timestep as number] as number;
          const [a, s] = [Math.sqrt(alphaBar), Math.sqrt(1 - alphaBar)];
          const x = index === 0 ? start : [...(trajectory[index - 1] as Tensor).data];
          const direct = (outputs[index] as readonly number[]).map((output, i) =>
            prediction === "epsilon" ? ((x[i] as number) - s * output) / a : a * (x[i] as number) - s * output,
          );
          expect(relativeError([...data, 1], [...direct, 1])).toBeLessThan(10 * TOLERANCE.forward);
        }
    }),
  );
});
