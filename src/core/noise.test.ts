import { expect, test } from "vitest";
import fixture from "../testing/fixtures/ddim.json" with { type: "json" };
import type { StudioError } from "./errors.ts";
import { CLEAN, flowNoise, linearNoise, sharesAt, snr } from "./noise.ts";

const noise = linearNoise(1e-4, 0.02, 1000);

test("parity: alphaBar is numpy's cumprod of linspace, bit for bit", () => {
  const shares = fixture.alphaBar.map((alphaBar) => ({ a: Math.sqrt(alphaBar), s: Math.sqrt(1 - alphaBar) }));
  expect(noise.shares).toEqual(shares);
});

test("signal falls from almost all to almost none", () => {
  expect(sharesAt(noise, 0).a).toBe(Math.sqrt(1 - 1e-4));
  for (let t = 1; t < 1000; t++) expect(sharesAt(noise, t).a).toBeLessThan(sharesAt(noise, t - 1).a);
  expect(Math.sqrt(1 / snr(noise, 999))).toBeCloseTo(157.41, 2); // sigma of DiT at t = 999
});

test.each([
  [0, 0.02, 1000],
  [0.02, 1e-4, 1000],
  [1e-4, 1, 1000],
  [1e-4, 0.02, 1],
])("refuses betas %d … %d over %d", (start, end, timesteps) => {
  expect(() => linearNoise(start, end, timesteps)).toThrow(
    expect.objectContaining<Partial<StudioError>>({ code: "invalid-input" }),
  );
});

test("a flow goes straight from noise alone to one step before clean, and tells 1000 sigma", () => {
  for (const timesteps of [2, 20, 1000]) {
    const flow = flowNoise(timesteps);
    expect(flow.shares).toHaveLength(timesteps);
    expect(sharesAt(flow, timesteps - 1)).toEqual({ a: 0, s: 1 });
    expect(sharesAt(flow, 0).s).toBe(1 / timesteps);
    expect(sharesAt(flow, undefined)).toBe(CLEAN);
    for (const [t, { a, s }] of flow.shares.entries()) {
      expect(a + s).toBeCloseTo(1, 15);
      expect(flow.told[t]).toBeCloseTo(1000 * s, 3);
    }
  }
});

test.each([1, 0, 2.5])("refuses a flow over %d timesteps", (timesteps) => {
  expect(() => flowNoise(timesteps)).toThrow("it needs 2 or more");
});
