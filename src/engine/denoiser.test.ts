import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { Tensor } from "../core/tensor.ts";
import { dit } from "../models/dit/dit.ts";
import type { SpecHints } from "../models/model.ts";
import { createNodeRuntime } from "../runtime/ort-node.ts";
import { type DeviceTensor, type Runtime, takeFloats } from "../runtime/runtime.ts";
import { relativeError, TOLERANCE } from "../testing/close.ts";
import { FakeRuntime } from "../testing/fake-runtime.ts";
import { unpack } from "../testing/fixture.ts";
import fixture from "../testing/fixtures/dit.json" with { type: "json" };
import { OUTPUT_ALONE } from "../testing/one-step.ts";
import { drawUniform, TINY_HEADS, type TinyDit, tinyDit } from "../testing/tiny-dit.ts";
import { DENSE, Denoiser, type Routed } from "./denoiser.ts";
import { allBlocks, startingSums } from "./running-sums.ts";

let runtime: FakeRuntime;
beforeAll(async () => {
  runtime = new FakeRuntime(await createNodeRuntime({ threads: 1 }));
});
afterAll(() => runtime.close());

let opened: Denoiser[] = [];
afterEach(async () => {
  for (const denoiser of opened) await denoiser.free();
  opened = [];
  expect(runtime.tensors).toEqual([]);
  expect(runtime.sessions).toEqual([]);
});

function open(
  options: Partial<TinyDit> = {},
  hints: SpecHints = {},
  weights = tinyDit(options),
  device: Runtime = runtime,
): Denoiser {
  const denoiser = new Denoiser(device, dit, dit.spec(weights, { heads: TINY_HEADS, ...hints }), weights);
  opened.push(denoiser);
  return denoiser;
}

const { forward, guided, grams, sums, changes } = fixture;
/** Uniform with variance 1, as make/dit.py draws them. */
const latents = (name: string, count: number): Tensor => drawUniform(1, name, [count, 4, 8, 8], Math.sqrt(3));
const indices = (values: readonly number[]) => ({ shape: [values.length], data: Int32Array.from(values) });

const condition = (denoiser: Denoiser) =>
  denoiser.condition(Float32Array.from(forward.timesteps), Int32Array.from(forward.labels));

/** The fixture's items, or so many of them, beginning again when they run out. */
async function run(denoiser: Denoiser, routed: Partial<Routed> = {}, items = forward.rows.length) {
  const { shape, data } = latents("forward", forward.rows.length);
  const next = await denoiser.step({
    latent: { shape: [items, ...shape.slice(1)], data: cycled(data, items) },
    conditioning: await condition(denoiser),
    row: indices([...cycled(Int32Array.from(forward.rows), items)]),
    guidance: 1,
    step: OUTPUT_ALONE,
    routed: { ...DENSE, ...routed },
  });
  return (await takeFloats(next.latent)).data;
}

function cycled<T extends Float32Array | Int32Array>(data: T, items: number): T {
  const length = (items * data.length) / forward.rows.length;
  const make = data.constructor as new (length: number) => T;
  return new make(length).map((_, index) => data[index % data.length] as number) as T;
}

describe("parity with PyTorch in float64", () => {
  test.each([
    ["plain", {}, {}],
    ["learnedSigma", { learnedSigma: true }, {}],
    ["skipped0", {}, { skipped: new Set([0]) }],
    ["empty1", {}, { empty: new Set([1]) }],
  ] as const)("forward of four timesteps and labels in one batch: %s", async (name, options, routed) => {
    const output = await run(open(options), routed);
    expect(relativeError(output, unpack(forward[name]))).toBeLessThan(TOLERANCE.forward);
  });

  test("forward of fewer and of more rows than layers have outputs", async () => {
    const wasm = new FakeRuntime(runtime, { backend: "wasm" });
    const denoiser = open({}, {}, tinyDit(), wasm);
    for (const items of [1, 4, 8]) {
      const output = await run(denoiser, {}, items);
      expect(relativeError(output, cycled(unpack(forward.plain), items))).toBeLessThan(TOLERANCE.forward);
    }
    const steps = wasm.sessions.filter((label) => label.startsWith("embed"));
    expect(steps.map((label) => /block.*?(?=,)/.exec(label)?.[0]).sort()).toEqual([
      "block",
      "block qkv",
      "block qkv proj fc1 fc2",
    ]);
  });

  test("forward of tokens with little variance, where the epsilon of the normalisation shows", async () => {
    const quiet = [...tinyDit()].map(([name, { shape, data }]) => {
      const embeds = name === "pos_embed" || name.startsWith("x_embedder");
      return [name, { shape, data: embeds ? data.map((value) => value / 8) : data }] as const;
    });
    const output = await run(open({}, {}, new Map(quiet)));
    expect(relativeError(output, unpack(forward.quiet))).toBeLessThan(TOLERANCE.forward);
  });

  test("guidance moves three of four channels, the fourth stays conditional", async () => {
    const denoiser = open({ learnedSigma: true }, { guidedChannels: guided.channels });
    const pairs = [...guided.labels, denoiser.spec.numClasses];
    const next = await denoiser.step({
      latent: latents("start", 2),
      conditioning: await denoiser.condition(
        new Float32Array(pairs.length).fill(guided.timestep),
        Int32Array.from(pairs),
      ),
      row: indices([0, 1, 2, 2]),
      guidance: guided.guidance,
      step: OUTPUT_ALONE,
      routed: DENSE,
    });
    expect(relativeError((await takeFloats(next.latent)).data, unpack(guided.output))).toBeLessThan(TOLERANCE.forward);
  });

  test("Gram matrices of every layer, summed over two passes", async () => {
    const denoiser = open();
    const { spec } = denoiser;
    const [blocks, input, row] = [allBlocks(spec), latents("forward", 5), indices(forward.rows)];
    const pass = async (sums: Record<string, Tensor | DeviceTensor>) =>
      denoiser.observe("gram", blocks, input, await condition(denoiser), row, sums);
    const twice = await pass(await pass(startingSums(spec.layers, spec, "gram")));
    const expected = new Map<string, string>([
      ...Object.entries(grams).map(([name, gram]) => [`gram.${name}`, gram] as const),
      ...Object.entries(sums).map(([name, sum]) => [`gram.${name}.sum`, sum] as const),
    ]);
    expect(Object.keys(twice).sort()).toEqual([...expected.keys()].sort());
    for (const [name, values] of expected) {
      const { data } = await takeFloats(twice[name] as DeviceTensor);
      const doubled = unpack(values).map((value) => 2 * value);
      expect(relativeError(data, doubled), name).toBeLessThan(TOLERANCE.forward);
    }
  });

  test("how much each block changes its input", async () => {
    const denoiser = open();
    const found = await denoiser.observe(
      "block-change",
      allBlocks(denoiser.spec),
      latents("forward", 5),
      await condition(denoiser),
      indices(forward.rows),
    );
    for (const [block, expected] of changes.entries()) {
      const { data } = await takeFloats(found[`change.${block}`] as DeviceTensor);
      expect(relativeError(data, unpack(expected)), `block ${block}`).toBeLessThan(TOLERANCE.forward);
    }
  });
});

describe("routing", () => {
  test("narrow weights compute what zeroed columns compute", async () => {
    const weights = tinyDit();
    const denoiser = open();
    const narrow = new Map<string, DeviceTensor>();
    const zeroed = new Map<string, DeviceTensor>();
    const set = (into: Map<string, DeviceTensor>, name: string, value: Tensor) => into.set(name, runtime.upload(value));
    for (const { weight, columns, groupSize, producers } of denoiser.spec.layers) {
      const dense = weights.get(weight) as Tensor;
      const kept = [...Array(columns).keys()].filter((column) => Math.floor(column / groupSize) % 3 !== 1);
      set(zeroed, weight, { ...dense, data: dense.data.map((w, i) => (kept.includes(i % columns) ? w : 0)) });
      set(narrow, weight, pick(dense, 1, kept));
      for (const { weight: producer, bias, copies } of producers) {
        const rows = Array.from({ length: copies }, (_, copy) => kept.map((column) => column + copy * columns)).flat();
        for (const name of [producer, bias]) set(narrow, name, pick(weights.get(name) as Tensor, 0, rows));
      }
    }
    const [a, b, dense] = [
      await run(denoiser, { weights: narrow }),
      await run(denoiser, { weights: zeroed }),
      await run(denoiser),
    ];
    expect(relativeError(a, b)).toBeLessThan(TOLERANCE.forward);
    expect(relativeError(a, dense)).toBeGreaterThan(0.01);
    for (const weight of [...narrow.values(), ...zeroed.values()]) weight.free();
  });

  test("a skipped block does not run, an empty one runs its biases only", async () => {
    const denoiser = open();
    await run(denoiser);
    const [block, bias] = [runtime.runs("block"), runtime.runs("block-bias")];
    await run(denoiser, { skipped: new Set([0]), empty: new Set([1]) });
    expect(runtime.runs("block")).toBe(block);
    expect(runtime.runs("block-bias")).toBe(bias + 1);
  });

  test("equal conditions are computed once", async () => {
    const denoiser = open();
    const first = await condition(denoiser);
    const runs = runtime.runs();
    expect(await condition(denoiser)).toBe(first);
    expect(runtime.runs()).toBe(runs);
  });
});

/** Some rows (axis 0) or columns (axis 1). */
function pick({ shape, data }: Tensor, axis: 0 | 1, indices: readonly number[]): Tensor {
  const [rows = 1, columns = 1] = shape;
  if (axis === 0)
    return {
      shape: [indices.length, ...shape.slice(1)],
      data: Float32Array.from(indices.flatMap((row) => [...data.subarray(row * columns, (row + 1) * columns)])),
    };
  const picked = Array.from({ length: rows }, (_, row) =>
    indices.map((column) => data[row * columns + column] as number),
  );
  return { shape: [rows, indices.length], data: Float32Array.from(picked.flat()) };
}
