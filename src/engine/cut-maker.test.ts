import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { columnsInOrder, type Factor, identityFactor, materialise } from "../core/factor.ts";
import { boundariesOf } from "../core/levels.ts";
import { normals } from "../core/rng.ts";
import type { Tensor } from "../core/tensor.ts";
import { pruners } from "../pruners/index.ts";
import type { WidthPruner } from "../pruners/pruner.ts";
import { createNodeRuntime } from "../runtime/ort-node.ts";
import { type DeviceTensor, takeFloats } from "../runtime/runtime.ts";
import { relativeError, TOLERANCE } from "../testing/close.ts";
import { FakeRuntime } from "../testing/fake-runtime.ts";
import { drawUniform } from "../testing/tiny-dit.ts";
import { CutMaker } from "./cut-maker.ts";

let runtime: FakeRuntime;
beforeAll(async () => {
  runtime = new FakeRuntime(await createNodeRuntime({ threads: 1 }));
});
afterAll(() => runtime.close());

/** An OBS factor of a random layer whose inputs are correlated. */
function randomFactor(weight: Tensor, groupSize: number, maxLevel: number, mean: boolean): Factor {
  const [rows, columns] = weight.shape as [number, number];
  const samples = 4 * columns;
  const x = normals(1, ["inputs"], samples * columns);
  for (let i = columns; i < x.length; i++) x[i] = 0.4 + (x[i] as number) + 0.6 * (x[i - columns + 1] as number);
  const gram = new Float64Array(columns * columns);
  for (let sample = 0; sample < samples; sample++)
    for (let i = 0; i < columns; i++)
      for (let j = 0; j < columns; j++) gram[i * columns + j]! += x[sample * columns + i]! * x[sample * columns + j]!;
  const values = new Float64Array(columns);
  for (let i = 0; i < x.length; i++) values[i % columns]! += x[i]!;
  const boundaries = boundariesOf(columns, groupSize, maxLevel);
  const structure = groupSize > 1 ? ("head" as const) : ("channel" as const);
  const layer = {
    name: "test",
    structure,
    weight: weight.data,
    rows,
    columns,
    groupSize,
    boundaries,
    gram,
    items: samples,
    sum: { values, tokens: samples },
  };
  return (pruners.get("obs") as WidthPruner).factor(layer, { damping: 0.01, mean });
}

/** The reference's cut with its columns in elimination order, as the device keeps them. [rows, s] */
function referenceCut(factor: Factor, { shape, data }: Tensor, level: number): Float32Array {
  const rows = shape[0] as number;
  const { kept, weight } = materialise(factor, data, rows, level);
  const survivors = columnsInOrder(factor).subarray(factor.boundaries[level]);
  expect([...survivors].sort((a, b) => a - b)).toEqual([...kept]);
  const place = new Map([...kept].map((column, index) => [column, index]));
  return Float32Array.from({ length: weight.length }, (_, i) => {
    const row = Math.floor(i / kept.length);
    return weight[row * kept.length + (place.get(survivors[i % kept.length] as number) as number)] as number;
  });
}

describe("cuts from the device equal core/factor.ts at every level", () => {
  test.each([
    ["heads", [16, 32], 8, 4, false],
    ["many more columns than rows", [12, 96], 4, 8, false],
    ["channels", [16, 40], 1, 4, false],
    ["fewer structures than levels", [12, 24], 8, 5, false],
    ["one level", [4, 6], 1, 1, false],
    ["heads and their bias", [16, 32], 8, 4, true],
    ["channels and their bias", [16, 40], 1, 4, true],
    ["many more columns than rows, and their bias", [12, 96], 4, 8, true],
    ["one level and its bias", [4, 6], 1, 1, true],
  ] as const)("%s", async (name, shape, groupSize, maxLevel, mean) => {
    const weight = drawUniform(1, name, shape, 1);
    const bias = drawUniform(1, `${name} bias`, [shape[0]], 1);
    const factor = randomFactor(weight, groupSize, maxLevel, mean);
    const cuts = new CutMaker(runtime);
    for (let level = 0; level <= maxLevel; level++) {
      const cut = await cuts.cut(factor, { weight, bias }, level);
      const kept = shape[1] - (factor.boundaries[level] as number);
      expect(cut.weight !== undefined, `level ${level}`).toBe(kept > 0);
      expect(cut.bias !== undefined, `level ${level}`).toBe(mean && level > 0);
      if (cut.weight) {
        const made = await takeFloats(cut.weight);
        expect(made.shape).toEqual([shape[0], kept]);
        expect(relativeError(made.data, referenceCut(factor, weight, level))).toBeLessThan(TOLERANCE.forward);
      }
      if (cut.bias) {
        const { shift } = materialise(factor, weight.data, shape[0], level);
        const expected = bias.data.map((value, row) => value + (shift[row] as number));
        expect(relativeError((await takeFloats(cut.bias)).data, expected)).toBeLessThan(TOLERANCE.forward);
      }
    }
    await cuts.free();
    expect(runtime.tensors).toEqual([]);
    expect(runtime.sessions).toEqual([]);
  });

  test("a method that does not compensate: the surviving columns, bit for bit and without a run", async () => {
    const weight = drawUniform(1, "plain", [6, 12], 1);
    const bias = drawUniform(1, "plain bias", [6], 1);
    const order = Int32Array.of(3, 0, 5, 1, 4, 2);
    const factor = identityFactor(order, 2, boundariesOf(12, 2, 3));
    const cuts = new CutMaker(runtime);
    const before = runtime.runs();
    for (const level of [0, 1, 2]) {
      const cut = await cuts.cut(factor, { weight, bias }, level);
      expect((await takeFloats(cut.weight as DeviceTensor)).data).toEqual(referenceCut(factor, weight, level));
      expect(cut.bias).toBeUndefined();
    }
    expect(runtime.runs()).toBe(before);
    await cuts.free();
  });
});
