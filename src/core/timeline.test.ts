import fc from "fast-check";
import { describe, expect, test } from "vitest";
import fixture from "../testing/fixtures/ddim.json" with { type: "json" };
import { flowNoise, linearNoise, sharesAt } from "./noise.ts";
import { mosaicDivision, uniformDivision } from "./schedule.ts";
import { stageOfSteps, stepsPerStage, timeline, visitsPerStage } from "./timeline.ts";

const noise = linearNoise(1e-4, 0.02, 1000);

describe("timeline", () => {
  test("parity: DiT's 20 and 50 steps", () => {
    for (const { steps, timesteps } of fixture.runs) expect(timeline(noise, steps).timesteps).toEqual(timesteps);
  });
  test("halves go to the even timestep, as Python rounds", () => {
    expect(timeline(noise, 3).timesteps).toEqual([999, 500, 0]); // round(499.5) = 500
    expect(timeline(noise, 7).timesteps).toEqual([999, 832, 666, 500, 333, 166, 0]); // 832.5, 499.5, 166.5
    expect(timeline(noise, 1).timesteps).toEqual([999]);
  });
  test("descends strictly from T-1 to 0", () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 1000 }), (n) => {
        const { timesteps } = timeline(noise, n);
        expect([timesteps.length, timesteps[0], timesteps.at(-1)]).toEqual([n, 999, 0]);
        expect(timesteps.every((t, i) => i === 0 || t < (timesteps[i - 1] as number))).toBe(true);
      }),
    );
  });
  test.each([0, 1001, 2.5])("refuses %d steps", (n) => expect(() => timeline(noise, n)).toThrow("choose 1 … 1000"));
});

describe("a trailing timeline", () => {
  const flow = flowNoise(1000);
  test("visits sigmas 1 … 1/n, as FLUX does", () => {
    for (const n of [1, 2, 4, 20, 50]) {
      const sigmas = timeline(flow, n).timesteps.map((t) => sharesAt(flow, t).s);
      for (const [k, sigma] of sigmas.entries()) expect(sigma).toBeCloseTo(1 - k / n, 12);
    }
  });
  test("descends strictly from T-1 and ends a step before clean, within half a timestep", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1000 }), (n) => {
        const { timesteps } = timeline(flow, n);
        expect([timesteps.length, timesteps[0]]).toEqual([n, 999]);
        expect(Math.abs((timesteps.at(-1) as number) + 1 - 1000 / n)).toBeLessThanOrEqual(0.5);
        expect(timesteps.every((t, i) => i === 0 || t < (timesteps[i - 1] as number))).toBe(true);
      }),
    );
  });
});

describe("stages of steps", () => {
  const twenty = timeline(noise, 20).timesteps;
  test("20 steps on the usual divisions", () => {
    expect(stepsPerStage(uniformDivision(10, 1000), twenty)).toEqual(new Array(10).fill(2));
    expect(stepsPerStage(uniformDivision(3, 1000), twenty)).toEqual([7, 6, 7]);
    expect(stepsPerStage(mosaicDivision(1000), twenty)).toEqual([9, 9, 2]);
  });
  test("stages follow the sampling order", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 100 }), (stages, steps) => {
        const of = stageOfSteps(uniformDivision(stages, 1000), timeline(noise, steps).timesteps);
        expect(of[0]).toBe(0);
        expect(of.every((stage, i) => i === 0 || stage >= (of[i - 1] as number))).toBe(true);
      }),
    );
  });
  test("a stage that is passed by may be counted", () => {
    expect(visitsPerStage(mosaicDivision(1000), timeline(noise, 2).timesteps)).toEqual([1, 0, 1]);
    expect(visitsPerStage(mosaicDivision(1000), timeline(noise, 1).timesteps)).toEqual([1, 0, 0]);
  });
  test("an empty stage is named with its timesteps", () => {
    expect(() => stepsPerStage(uniformDivision(10, 1000), timeline(noise, 5).timesteps)).toThrow(
      "none of the 5 steps visits stage 1 (timesteps 899 … 800)",
    );
  });
  test("a timestep outside the division is refused", () => {
    expect(() => stageOfSteps(uniformDivision(2, 100), [100])).toThrow("no stage holds timestep 100");
  });
});
