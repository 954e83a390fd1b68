import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { metrics, servedBy } from "../index.ts";
import type { Scores } from "./criterion.ts";

const scores = (values: Readonly<Record<string, readonly number[]>>): Scores =>
  new Map(Object.entries(values).map(([id, items]) => [id, Float64Array.from(items)]));
const combined = (text: string, values: Readonly<Record<string, readonly number[]>>) => [
  ...metrics.get(text).combine(scores(values)),
];

describe("one metric", () => {
  test.each(metrics.ids)("%s is itself", (id) => {
    const { parts, combine } = metrics.get(id);
    expect([...parts.keys()]).toEqual([id]);
    expect([...combine(scores({ [id]: [0.25, -3] }))]).toEqual([0.25, -3]);
  });
});

describe("a weighted sum", () => {
  test("adds scores item by item, unnamed weights being 1", () => {
    const values = { ssim: [0.5, 1], "latent-cosine": [0.25, 0], "latent-mse": [-2, -4] };
    expect(combined("0.5 ssim + 0.5 latent-cosine", values)).toEqual([0.375, 0.5]);
    expect(combined(" ssim+ 2e+0 latent-mse  +  latent-cosine ", values)).toEqual([-3.25, -7]);
    expect(combined("2 ssim", values)).toEqual([1, 2]);
    expect(combined("ssim+2e+0 latent-mse", values)).toEqual([-3.5, -7]);
  });

  test("needs what its parts need, and ranges as they do, turned so that higher is better", () => {
    const sum = metrics.get("0.5 ssim + 2 mse + quality");
    expect(sum).toMatchObject({ direction: "higher", space: "pictures", reference: true, networks: ["quality"] });
    expect(sum.range).toEqual([-2.5, 1.5]);
    expect(sum.label).toBe("0.5 SSIM + 2 Picture error + Quality");
    expect(metrics.get("latent-mse + latent-snr")).toMatchObject({ space: "latent", range: [-Infinity, Infinity] });
    expect(metrics.get("fft + quality").reference).toBe(false);
    expect(metrics.get("ssim + latent-snr").options).toHaveProperty("scale");
  });
});

describe("a bound before another metric", () => {
  const text = "latent-cosine at least 0.88, then fft";

  test("lets the other metric speak when the mean of all items is within", () => {
    const fft = [0.25, 0.5];
    expect(combined(text, { "latent-cosine": [0.8, 0.96], fft })).toEqual(fft);
    const [first, second] = combined(text, { "latent-cosine": [0.5, 0.96], fft });
    expect(first).toBeCloseTo(-0.38, 12);
    expect(second).toBeCloseTo(0.08, 12);
  });

  test("ranks every batch within above every one that is not, and those by how near they come", () => {
    const batch = fc.record({
      cosine: fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 3, maxLength: 3 }),
      fft: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 3, maxLength: 3 }),
    });
    const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    fc.assert(
      fc.property(batch, batch, fc.double({ min: -0.9, max: 0.9, noNaN: true }), (a, b, bound) => {
        const judged = [a, b].map(({ cosine, fft }) => ({
          cosine: mean(cosine),
          fft: mean(fft),
          score: mean(combined(`latent-cosine at least ${bound}, then fft`, { "latent-cosine": cosine, fft })),
        }));
        const [low, high] = judged.sort((x, y) => x.cosine - y.cosine) as [(typeof judged)[0], (typeof judged)[0]];
        if (low.cosine >= bound) expect(high.score - low.score).toBeCloseTo(high.fft - low.fft, 9);
        else expect(high.score).toBeGreaterThanOrEqual(low.score - 1e-12);
        if (low.cosine < bound && high.cosine >= bound) expect(low.score).toBeLessThan(0);
      }),
    );
  });

  test("is in published values, so that an error has an upper bound; several follow each other", () => {
    const chain = "mse at most 0.01, then latent-cosine at least 0.9, then 2 quality + fft";
    const inside = { mse: [-0.005], "latent-cosine": [0.95], quality: [0.5], fft: [0.25] };
    expect(combined(chain, inside)).toEqual([1.25]);
    const turned = combined(chain, { ...inside, "latent-cosine": [0.8] });
    expect(turned[0]).toBeCloseTo(-0.1, 12);
    const wrong = combined(chain, { ...inside, mse: [-0.5] });
    expect(wrong[0]).toBeCloseTo(-1.9 - 0.49, 12); // below all that turn too far
    expect(metrics.get(chain).range[0]).toBeCloseTo(-1.9 - 0.99, 12);
    expect([...metrics.get(chain).parts.keys()].sort()).toEqual(["fft", "latent-cosine", "mse", "quality"]);
  });
});

test.each([
  ["0.5 sim + 0.5 fft", "unknown-method", /metric "0\.5 sim \+ 0\.5 fft": metric "sim" does not exist; known: ssim/],
  ["ssim +", "invalid-option", /metric "ssim \+": "" is not a metric, or a weight and a metric/],
  ["half ssim + fft", "invalid-option", /the weight of ssim is "half", which is not a number/],
  ["-1 ssim + fft", "invalid-option", /the weight of ssim is -1; give one above 0/],
  ["0 ssim + fft", "invalid-option", /the weight of ssim is 0; give one above 0/],
  ["0.5 ssim fft", "invalid-option", /"0\.5 ssim fft" is not a metric, or a weight and a metric/],
  ["ssim at least 0.5", "invalid-option", /"ssim at least 0\.5" is not a metric/],
  ["ssim, then fft", "invalid-option", /"ssim" before "then" is no bound/],
  ["ssim at least much, then fft", "invalid-option", /the bound of ssim is "much"/],
  ["mse at least 0.1, then fft", "invalid-option", /of mse, lower is better; write "mse at most 0\.1"/],
  ["ssim at most 0.1, then fft", "invalid-option", /of ssim, higher is better; write "ssim at least 0\.1"/],
  ["latent-cosine at least 1.2, then fft", "invalid-option", /Latent cosine is -1 … 1; choose a value in between/],
  ["ssim at least 0.8, then latent-mse", "invalid-option", /Latent error has no worst value.*put it before the bound/],
  ["ssim  at least 0.8, then", "invalid-option", /is not a metric/],
])("%s is refused: %s", (text, code, message) => {
  expect(() => metrics.get(text)).toThrow(expect.objectContaining({ code, message: expect.stringMatching(message) }));
});

test("a combination is served where all of its parts are", () => {
  expect(servedBy(["ssim", "fft"], "ssim + fft")).toBe(true);
  expect(servedBy(["ssim"], "ssim at least 0.5, then fft")).toBe(false);
});
