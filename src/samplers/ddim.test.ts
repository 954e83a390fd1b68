import { describe, expect, test } from "vitest";
import { linearNoise } from "../core/noise.ts";
import { timeline } from "../core/timeline.ts";
import fixture from "../testing/fixtures/ddim.json" with { type: "json" };
import { ddim } from "./ddim.ts";
import { samplers } from "./index.ts";
import type { Prediction } from "./sampler.ts";

const noise = linearNoise(1e-4, 0.02, 1000);

/** Output of the fixture's network: A x + t/1000 B x. */
function network(x: readonly number[], t: number): number[] {
  const product = (matrix: readonly (readonly number[])[], row: number) =>
    x.reduce((sum, value, column) => sum + (matrix[row]?.[column] as number) * value, 0);
  return x.map((_, row) => product(fixture.A, row) + (t / 1000) * product(fixture.B, row));
}

describe("parity with the long way in float64", () => {
  test.each(fixture.runs)("$steps steps, $prediction", ({ steps, prediction, timesteps, x: expected }) => {
    let x = fixture.start;
    const program = ddim.steps(timeline(noise, steps), prediction as Prediction, {});
    expect(program.map(({ timestep }) => timestep)).toEqual(timesteps);
    for (const { timestep, latent, predictions } of program) {
      expect(predictions).toHaveLength(1);
      const output = network(x, timestep);
      x = x.map((value, i) => latent * value + (predictions[0] as number) * (output[i] as number));
    }
    const scale = Math.max(...expected.map(Math.abs));
    for (const [i, value] of expected.entries()) expect(Math.abs((x[i] as number) - value) / scale).toBeLessThan(1e-10);
  });
});

test.each(["epsilon", "v"] as const)(
  "one step from exact %s lands on the next timestep of the same path",
  (prediction) => {
    const [clean, eps] = [0.7, -1.3];
    const line = timeline(noise, 7);
    for (const [i, { timestep, latent, predictions }] of ddim.steps(line, prediction, {}).entries()) {
      const at = (t: number | undefined) => {
        const alphaBar = t === undefined ? 1 : (noise.alphaBar[t] as number);
        return { a: Math.sqrt(alphaBar), s: Math.sqrt(1 - alphaBar) };
      };
      const now = at(timestep);
      const next = at(line.timesteps[i + 1]);
      const output = prediction === "epsilon" ? eps : now.a * eps - now.s * clean;
      const x = latent * (now.a * clean + now.s * eps) + (predictions[0] as number) * output;
      expect(x).toBeCloseTo(next.a * clean + next.s * eps, 11);
    }
  },
);

test("is on the shelf", () => expect(samplers.get("ddim")).toBe(ddim));
