import { describe, expect, test } from "vitest";
import { parameters } from "../../core/cost.ts";
import type { Tensor } from "../../core/tensor.ts";
import { TINY_HEADS, tinyDit } from "../../testing/tiny-dit.ts";
import type { Call, Watch } from "../model.ts";
import { dit } from "./dit.ts";

const heads = TINY_HEADS;

describe("what shapes tell", () => {
  test("every dimension, for other sizes than the published ones", () => {
    const weights = tinyDit({
      depth: 3,
      width: 24,
      mlpWidth: 40,
      patch: 4,
      channels: 6,
      side: 16,
      numClasses: 7,
      learnedSigma: true,
    });
    const spec = dit.spec(weights, { heads: 3, guidedChannels: 6, prediction: "v" });
    expect(spec).toMatchObject({ depth: 3, width: 24, heads: 3, headDim: 8, mlpWidth: 40, patch: 4, tokens: 16 });
    expect(spec).toMatchObject({ latent: { channels: 6, height: 16, width: 16 }, outputChannels: 12, numClasses: 7 });
    expect(spec).toMatchObject({ guidedChannels: 6, prediction: "v" });
    expect(spec.parameters).toBe(parameters(spec));
    expect(spec.layers.map(({ name }) => name)).toEqual(
      [0, 1, 2].flatMap((block) => [`blocks.${block}.attn.proj`, `blocks.${block}.mlp.fc2`]),
    );
  });

  test("without hints the original's conventions: heads of 64 or 72, three guided channels, epsilon", () => {
    expect(dit.spec(tinyDit({ width: 128 }), {})).toMatchObject({
      heads: 2,
      guidedChannels: 3,
      prediction: "epsilon",
    });
    expect(dit.spec(tinyDit({ width: 144 }), {})).toMatchObject({ heads: 2 });
  });

  test("a name of the program is a weight or was written before", () => {
    const weights = tinyDit();
    const spec = dit.spec(weights, { heads });
    const program = dit.program(spec);
    const given = ["timestep", "label", "latent", "row", "guidance", "coefficients"];
    const sums = spec.layers.flatMap(({ name }) => [
      `gram.${name}`,
      `gram.${name}.sum`,
      ...["input", "output", "producer"].map((part) => `moments.${name}.${part}`),
    ]);
    const modulations = program.conditioning.flatMap(({ writes }) => Object.values(writes));
    const programs = Object.values(program).flatMap((part: readonly Call[] | Watch) =>
      typeof part === "function" ? [part(new Set([0, 1])), part(new Set([1])), part(new Set([0]))] : [part],
    );
    for (const calls of programs) {
      const scope = new Set([...given, ...sums, ...modulations]);
      for (const { reads, writes, weights: used } of calls) {
        for (const name of Object.values(reads)) expect(scope).toContain(name);
        for (const name of Object.values(used)) expect(weights.has(name), name).toBe(true);
        for (const name of Object.values(writes)) scope.add(name);
      }
    }
  });
});

describe("refuses, with the numbers,", () => {
  const without = (name: string) => new Map([...tinyDit()].filter(([key]) => key !== name));
  const reshaped = (name: string, shape: readonly number[]) =>
    new Map<string, Tensor>([...tinyDit(), [name, { shape, data: new Float32Array(shape.reduce((a, b) => a * b)) }]]);
  const cases: readonly [string, () => unknown, string, RegExp][] = [
    ["no DiT at all", () => dit.spec(new Map(), { heads }), "missing-data", /x_embedder\.proj\.weight/],
    [
      "a missing tensor",
      () => dit.spec(without("blocks.1.mlp.fc2.bias"), { heads }),
      "missing-data",
      /blocks\.1\.mlp\.fc2\.bias/,
    ],
    ["positions that nobody knows", () => dit.spec(without("pos_embed"), { heads }), "missing-data", /pos_embed/],
    [
      "a latent of half patches",
      () => dit.spec(without("pos_embed"), { heads, latent: { height: 7, width: 8 } }),
      "shape-mismatch",
      /14.* tokens/,
    ],
    [
      "no blocks",
      () => dit.spec(without("blocks.0.attn.qkv.weight"), { heads }),
      "missing-data",
      /blocks\.0\.attn\.qkv/,
    ],
    [
      "a wrong shape",
      () => dit.spec(reshaped("blocks.1.mlp.fc1.weight", [60, 32]), { heads }),
      "shape-mismatch",
      /\[60, 32\].*\[64, 32\]/,
    ],
    [
      "a wrong rank",
      () => dit.spec(reshaped("pos_embed", [16, 32]), { heads }),
      "shape-mismatch",
      /\[16, 32\].*3 extents/,
    ],
    [
      "a grid that is no square",
      () => dit.spec(reshaped("pos_embed", [1, 15, 32]), { heads }),
      "shape-mismatch",
      /15 tokens/,
    ],
    [
      "a strange output",
      () => dit.spec(reshaped("final_layer.linear.weight", [12, 32]), { heads }),
      "shape-mismatch",
      /3 channels.*4 or 8/,
    ],
    ["heads that do not divide", () => dit.spec(tinyDit(), { heads: 5 }), "invalid-input", /5 heads.*32/],
    ["heads that nobody knows", () => dit.spec(tinyDit(), {}), "invalid-input", /width 32/],
    [
      "too many guided channels",
      () => dit.spec(tinyDit(), { heads, guidedChannels: 5 }),
      "invalid-input",
      /5 guided channels of 4/,
    ],
  ];
  test.each(cases)("%s", (_, work, code, message) => {
    expect(work).toThrow(expect.objectContaining({ code, message: expect.stringMatching(message) }));
  });
});

test("timesteps are told as [cos, sin] of 128 frequencies from 1 to almost 1 / 10000", () => {
  const { shape, data } = dit.embedTimesteps(Float32Array.of(0, 999));
  expect(shape).toEqual([2, 256]);
  expect([...data.subarray(0, 256)]).toEqual([...new Array(128).fill(1), ...new Array(128).fill(0)]);
  for (const i of [0, 1, 64, 127]) {
    const angle = 999 * 10000 ** (-i / 128);
    expect(data[256 + i]).toBeCloseTo(Math.cos(angle), 6);
    expect(data[384 + i]).toBeCloseTo(Math.sin(angle), 6);
  }
});
