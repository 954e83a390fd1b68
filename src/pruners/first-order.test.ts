import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { StudioError } from "../core/errors.ts";
import { materialise } from "../core/factor.ts";
import { boundariesOf } from "../core/levels.ts";
import { activation } from "./activation.ts";
import { magnitude } from "./magnitude.ts";
import type { LayerStatistics, Moments } from "./pruner.ts";
import { wanda } from "./wanda.ts";

const methods = { magnitude, activation, wanda };
type Id = keyof typeof methods;
const VARIANTS: readonly (readonly [Id, string])[] = [
  ["magnitude", "columns"],
  ["magnitude", "official-compat"],
  ["activation", "columns"],
  ["activation", "official-compat"],
  ["wanda", "columns"],
  ["wanda", "paper"],
  ["wanda", "official-compat"],
];

/** Two heads of two columns; every number chosen so that each variant can be worked out by hand. */
const WIDTH = 2;
const HEADS: LayerStatistics & { readonly moments: Moments } = {
  name: "blocks.3.attn.proj, stage 7",
  structure: "head",
  weight: Float32Array.of(
    ...[1, -2, 0, 1], //
    ...[0, 1, -1, 0],
    ...[9, 0, 0, 1],
    ...[0, -9, 1, 0],
  ),
  rows: 4,
  columns: 4,
  groupSize: 2,
  boundaries: Int32Array.of(0, 2, 4),
  items: 4,
  moments: {
    input: Float32Array.of(1, 1, 100, 100),
    output: Float32Array.of(5, 5, 1, 1),
    producer: Float32Array.of(4, 1),
    producerWeights: [new Float32Array(12 * WIDTH).fill(1)],
  },
};
const CHANNELS: typeof HEADS = {
  ...HEADS,
  name: "blocks.3.mlp.fc2, stage 7",
  structure: "channel",
  groupSize: 1,
  boundaries: boundariesOf(4, 1, 2),
  moments: { ...HEADS.moments, producerWeights: [new Float32Array(4 * WIDTH).fill(1)] },
};

const orderOf = (id: Id, layer: LayerStatistics, variant: string) => [...methods[id].factor(layer, { variant }).order];

describe("worked out by hand", () => {
  test.each([
    // Column norms 10, 12, 2, 2; row norms 4, 2, 10, 10.
    ["magnitude", "columns", [1, 0], [2, 3, 0, 1]],
    ["magnitude", "official-compat", [0, 1], [2, 3, 0, 1]],
    ["activation", "columns", [0, 1], [0, 1, 2, 3]],
    ["activation", "official-compat", [1, 0], [0, 1, 2, 3]],
    // Times 1, 1, 10, 10: 10, 12, 20, 20; times squares: 10, 12, 200, 200.
    ["wanda", "columns", [0, 1], [0, 1, 2, 3]],
    // Rows of |W| A: 103, 101, 109, 109.
    ["wanda", "official-compat", [0, 1], [0, 1, 2, 3]],
  ] as const)("%s, %s", (id, variant, heads, channels) => {
    expect(orderOf(id, HEADS, variant)).toEqual(heads);
    expect(orderOf(id, CHANNELS, variant)).toEqual(channels);
  });

  test("wanda tells a root from none: 12 of norm and 1 of input against 2 and 25", () => {
    const layer = { ...CHANNELS, moments: { ...CHANNELS.moments, input: Float32Array.of(9, 1, 25, 36.5) } };
    expect(orderOf("wanda", layer, "columns")).toEqual([2, 1, 3, 0]); // 30, 12, 10, 12.08
    expect(orderOf("wanda", layer, "official-compat")).toEqual([1, 2, 3, 0]); // 90, 12, 50, 73
  });

  test("wanda, paper: queries, keys and values count alike, each input by its length", () => {
    const qkv = (changed: Readonly<Record<number, number>>) => {
      const weight = new Float32Array(12 * WIDTH).fill(1);
      for (const [at, value] of Object.entries(changed)) weight[Number(at)] = value;
      return { ...HEADS, moments: { ...HEADS.moments, producerWeights: [weight] } };
    };
    for (const row of [0, 1, 4, 5, 8, 9]) expect(orderOf("wanda", qkv({ [row * WIDTH]: -2 }), "paper")).toEqual([1, 0]);
    // Lengths 2 and 1: one more on the first input outweighs one and a half more on the second.
    expect(orderOf("wanda", qkv({ 0: 2, [2 * WIDTH + 1]: 2.5 }), "paper")).toEqual([1, 0]);
  });
});

/** A layer of either kind with numbers of any size, and some of them equal. */
const layers = fc
  .record({
    head: fc.boolean(),
    values: fc.array(fc.constantFrom(-3, -1, -0.5, 0, 0.25, 1, 2), { minLength: 64, maxLength: 64 }),
    squares: fc.array(fc.constantFrom(0, 0.5, 1, 4), { minLength: 8, maxLength: 8 }),
  })
  .map(({ head, values, squares }): LayerStatistics => {
    const groupSize = head ? 2 : 1;
    const moments = {
      input: Float32Array.from(squares),
      output: Float32Array.from(squares).reverse(),
      producer: Float32Array.of(1, 4),
      producerWeights: [Float32Array.from({ length: 8 * 3 * 2 }, (_, i) => values[i] as number)],
    };
    const boundaries = boundariesOf(8, groupSize, 4);
    const structure = head ? "head" : "channel";
    const weight = Float32Array.from(values);
    return { name: "any", structure, weight, rows: 8, columns: 8, groupSize, boundaries, items: 2, moments };
  });

describe.each(VARIANTS)("%s, %s", (id, variant) => {
  const factorOf = (layer: LayerStatistics) => methods[id].factor(layer, { variant });

  test("level 0 is dense to the bit, each level keeps what the order leaves, unchanged, the top keeps nothing", () => {
    fc.assert(
      fc.property(layers, (layer) => {
        const factor = factorOf(layer);
        const { weight, rows, columns, groupSize, boundaries } = layer;
        expect([...factor.order].sort()).toEqual([...Array(columns / groupSize).keys()]);
        expect(factor.lower.length).toBe(0);
        expect(materialise(factor, weight, rows, 0).weight).toEqual(weight);
        for (const [level, removed] of boundaries.entries()) {
          const cut = materialise(factor, weight, rows, level);
          const gone = new Set(factor.order.subarray(0, removed / groupSize));
          const kept = [...Array(columns).keys()].filter((column) => !gone.has(Math.floor(column / groupSize)));
          expect([...cut.kept]).toEqual(kept);
          cut.weight.forEach((value, i) => {
            const [row, column] = [Math.floor(i / kept.length), kept[i % kept.length] as number];
            expect(value).toBe(weight[row * columns + column]);
          });
        }
      }),
    );
  });

  test("a common factor changes no order", () => {
    fc.assert(
      fc.property(layers, (layer) => {
        const { moments } = layer as typeof HEADS;
        const twice = (values: Float32Array) => values.map((value) => 4 * value);
        const scaled = {
          ...moments,
          input: twice(moments.input),
          output: twice(moments.output),
          producer: twice(moments.producer),
        };
        const other = { ...layer, weight: twice(layer.weight), items: 8, moments: scaled };
        expect(factorOf(other).order).toEqual(factorOf(layer).order);
      }),
    );
  });

  test("equal structures go in their own order", () => {
    const same = { ...HEADS, weight: new Float32Array(16).fill(-0.5) };
    const moments = { ...HEADS.moments, input: new Float32Array(4).fill(3), output: new Float32Array(4).fill(3) };
    expect([...factorOf({ ...same, moments }).order]).toEqual([0, 1]);
    const channels = { ...CHANNELS, weight: same.weight, boundaries: Int32Array.of(0, 2, 4) };
    expect([...factorOf({ ...channels, moments: { ...CHANNELS.moments, input: moments.input } }).order]).toEqual([
      0, 1, 2, 3,
    ]);
  });

  test("a bad layer is refused by name", () => {
    const nan = HEADS.weight.map((value, i) => (i === 5 ? Number.NaN : value));
    for (const [change, code] of [
      [{ weight: nan }, "invalid-input"],
      [{ weight: nan.subarray(1) }, "shape-mismatch"],
      [{ boundaries: Int32Array.of(0, 1, 4) }, "invalid-input"],
    ] as const)
      expect(refusal(id, { ...HEADS, ...change }, variant)).toMatchObject({ code, message: /^\w+ blocks\.3/ });
  });
});

function refusal(id: Id, layer: LayerStatistics, variant: string): StudioError {
  try {
    methods[id].factor(layer, { variant });
  } catch (error) {
    return error as StudioError;
  }
  throw new Error("nothing was refused");
}

describe("bad statistics", () => {
  const { moments: _, ...without } = HEADS;
  const withMoments = (change: Partial<Moments>) => ({ ...HEADS, moments: { ...HEADS.moments, ...change } });

  test.each(["activation", "wanda"] as const)("%s", (id) => {
    expect(refusal(id, without, "columns")).toMatchObject({
      code: "missing-data",
      message: `${id} ${HEADS.name}: there is no "moments"; calibrate with this pruner`,
    });
    for (const [layer, code] of [
      [{ ...HEADS, items: 0 }, "invalid-input"],
      [withMoments({ input: new Float32Array(4).fill(Infinity) }), "invalid-input"],
      [withMoments({ output: new Float32Array(4).fill(Number.NaN) }), "invalid-input"],
      [withMoments({ input: new Float32Array(3) }), "shape-mismatch"],
      [withMoments({ output: new Float32Array(5) }), "shape-mismatch"],
    ] as const)
      expect(refusal(id, layer, "columns")).toMatchObject({ code });
  });

  test("magnitude asks for none", () => {
    expect(orderOf("magnitude", { ...without, items: 0 }, "columns")).toEqual([1, 0]);
  });

  test("producers that do not fit, or hold NaN, are refused by the variant that reads them", () => {
    const short = withMoments({ producerWeights: [new Float32Array(7)] });
    expect(refusal("wanda", short, "paper")).toMatchObject({ code: "shape-mismatch", message: /7 weights/ });
    expect(orderOf("wanda", short, "columns")).toEqual([0, 1]);
    const strange = withMoments({ producerWeights: [new Float32Array(24).fill(Number.NaN)] });
    expect(refusal("wanda", strange, "paper")).toMatchObject({ code: "invalid-input", message: /head 0 scores NaN/ });
  });

  test.each(["magnitude", "activation", "wanda"] as const)("%s: rows that are no heads cannot be grouped", (id) => {
    const moments = { ...HEADS.moments, output: new Float32Array(3) };
    const layer = { ...HEADS, rows: 3, weight: HEADS.weight.subarray(0, 12), moments };
    expect(refusal(id, layer, "official-compat")).toMatchObject({
      code: "shape-mismatch",
      message: `${id} ${HEADS.name}: 3 output rows are not 2 heads of 2, which "official-compat" takes them for; choose the variant "columns"`,
    });
    expect(() => methods[id].factor(layer, {})).not.toThrow();
  });
});
