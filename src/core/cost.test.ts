import { describe, expect, test } from "vitest";
import {
  bankBytes,
  blockMacs,
  type Dims,
  denoiserMacs,
  levelMacs,
  levelParameters,
  parameters,
  recordBytes,
  trajectoryMacs,
} from "./cost.ts";

const shared = { tokens: 256, patch: 2, latent: { channels: 4 }, outputChannels: 8, numClasses: 1000 };
const XL = { ...shared, depth: 28, width: 1152, heads: 16, headDim: 72, mlpWidth: 4608 };
const S = { ...shared, depth: 12, width: 384, heads: 6, headDim: 64, mlpWidth: 1536 };

describe("multiply-accumulates", () => {
  test("dense DiT-XL/2 is exact", () => {
    expect(denoiserMacs(XL)).toBe(118_621_421_568);
    expect(blockMacs(XL, 16, 4608)).toBe(4_235_821_056);
  });
  test("the paper's totals at 20 steps: dense 2.37 T, MosaicDiff's count without attention products 2.288 T", () => {
    expect((20 * denoiserMacs(XL)) / 1e12).toBeCloseTo(2.3724, 4);
    const products = 28 * 2 * 256 * 256 * 1152;
    expect((20 * (denoiserMacs(XL) - products)) / 1e12).toBeCloseTo(2.2879, 4);
  });
  test("DiT-S/2 is 6.06 G, as published", () => expect(denoiserMacs(S) / 1e9).toBeCloseTo(6.06, 2));

  test("levels of width remove equal amounts and leave the modulation", () => {
    const step = levelMacs(XL, "width", 0) - levelMacs(XL, "width", 1);
    expect(levelMacs(XL, "width", 0)).toBe(denoiserMacs(XL));
    for (let level = 0; level <= 16; level++)
      expect(levelMacs(XL, "width", level)).toBe(denoiserMacs(XL) - level * step);
    expect(blockMacs(XL, 0, 0)).toBe(6 * 1152 * 1152);
    expect((20 * levelMacs(XL, "width", 8)) / 1e12).toBeCloseTo(1.1886, 4);
  });
  test("levels of depth remove blocks", () => {
    expect((20 * levelMacs(XL, "depth", 5)) / 1e12).toBeCloseTo(1.949, 3);
    expect(levelMacs(XL, "depth", 28)).toBe(denoiserMacs(XL) - 28 * blockMacs(XL, 16, 4608));
  });
  test("a trajectory sums its steps", () => {
    const sum = 2 * levelMacs(XL, "width", 16) + levelMacs(XL, "width", 3);
    expect(trajectoryMacs(XL, "width", [16, 3], [0, 0, 1])).toBe(sum);
  });
  test("narrow attention counts its inner width, not the model's", () => {
    const narrow: Dims = { ...S, headDim: 32 };
    expect(denoiserMacs(narrow)).toBe(denoiserMacs(S) - 12 * (256 * 384 * 4 * 192 + 2 * 256 * 256 * 192));
  });
});

test("parameters of DiT-XL/2 and S/2", () => {
  expect(parameters(XL)).toBe(674_834_720); // sum over the released state dict, fixed position table left out
  expect(parameters(S) / 1e6).toBeCloseTo(32.87, 2);
});

test("parameters of a level: a head has 4 d headDim weights and 3 headDim biases, a channel 2 d and one", () => {
  const head = 4 * 1152 * 72 + 3 * 72;
  const channels = 288 * (2 * 1152 + 1);
  expect(levelParameters(XL, "width", 5)).toBe(parameters(XL) - 28 * 5 * (head + channels));
  const block = 16 * (head + channels) + 2 * 1152 + (1152 + 1) * 6 * 1152; // output biases and the modulation
  expect(levelParameters(XL, "depth", 3)).toBe(parameters(XL) - 3 * block);
});

describe("bank", () => {
  const layers = Array.from({ length: 28 }, (_, block) => [
    { block, structure: "head" as const, columns: 1152, groupSize: 72 },
    { block, structure: "channel" as const, columns: 4608, groupSize: 1 },
  ]).flat();
  test("one factor per layer and stage: n^2 (K-1) / 2K floats and change", () => {
    const triangles = (10 * 28 * 4 * (1152 ** 2 + 4608 ** 2) * 15) / 32;
    const small = 10 * 28 * 4 * (16 + 4608 + 2 * (1 + 2 * 17));
    expect(bankBytes(layers, 10, "width")).toBe(triangles + small);
    expect(bankBytes(layers, 10, "width", false)).toBe(small);
  });
  test("half precision halves the triangles and nothing else", () => {
    const layer = { columns: 4608, groupSize: 1 };
    const small = recordBytes(layer, 16, false);
    expect(recordBytes(layer, 16, true, true) - small).toBe((recordBytes(layer, 16, true) - small) / 2);
    expect(recordBytes(layer, 16, false, true)).toBe(small);
  });
  test("depth keeps one order of blocks per stage", () => expect(bankBytes(layers, 10, "depth")).toBe(10 * 28 * 4));
});
