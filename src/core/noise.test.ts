import { expect, test } from "vitest";
import fixture from "../testing/fixtures/ddim.json" with { type: "json" };
import type { StudioError } from "./errors.ts";
import { linearNoise, snr } from "./noise.ts";

const noise = linearNoise(1e-4, 0.02, 1000);

test("parity: alphaBar is numpy's cumprod of linspace, bit for bit", () => {
  expect([...noise.alphaBar]).toEqual(fixture.alphaBar);
});

test("signal falls from almost all to almost none", () => {
  expect(noise.alphaBar[0]).toBe(1 - 1e-4);
  for (let t = 1; t < 1000; t++) expect(noise.alphaBar[t]).toBeLessThan(noise.alphaBar[t - 1] as number);
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
