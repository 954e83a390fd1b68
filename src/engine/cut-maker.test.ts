import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { columnsInOrder, type Factor, identityFactor, materialise } from "../core/factor.ts";
import { boundariesOf } from "../core/levels.ts";
import { normals } from "../core/rng.ts";
import type { Tensor } from "../core/tensor.ts";
import { pruners } from "../pruners/index.ts";
import type { WidthPruner } from "../pruners/pruner.ts";
import { createNodeRuntime } from "../runtime/ort-node.ts";
import { takeFloats } from "../runtime/runtime.ts";
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
function randomFactor(weight: Tensor, groupSize: number, maxLevel: number): Factor {
  const [rows, columns] = weight.shape as [number, number];
  const samples = 4 * columns;
  const x = normals(1, ["inputs"], samples * columns);
  for (let i = columns; i < x.length; i++) x[i] = (x[i] as number) + 0.6 * (x[i - columns + 1] as number);
  const gram = new Float64Array(columns * columns);
  for (let sample = 0; sample < samples; sample++)
    for (let i = 0; i < columns; i++)
      for (let j = 0; j < columns; j++) gram[i * columns + j]! += x[sample * columns + i]! * x[sample * columns + j]!;
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
  };
  return (pruners.get("obs") as WidthPruner).factor(layer, { damping: 0.01 });
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
    ["heads", [16, 32], 8, 4],
    ["channels", [16, 40], 1, 4],
    ["fewer structures than levels", [12, 24], 8, 5],
    ["one level", [4, 6], 1, 1],
  ] as const)("%s", async (name, shape, groupSize, maxLevel) => {
    const weight = drawUniform(1, name, shape, 1);
    const factor = randomFactor(weight, groupSize, maxLevel);
    const cuts = new CutMaker(runtime);
    for (let level = 0; level < maxLevel; level++) {
      const cut = await takeFloats(await cuts.cut(factor, weight, level));
      expect(cut.shape).toEqual([shape[0], shape[1] - (factor.boundaries[level] as number)]);
      expect(relativeError(cut.data, referenceCut(factor, weight, level)), `level ${level}`).toBeLessThan(
        TOLERANCE.forward,
      );
    }
    await cuts.free();
    expect(runtime.tensors).toEqual([]);
    expect(runtime.sessions).toEqual([]);
  });

  test("a method that does not compensate: the surviving columns, bit for bit and without a run", async () => {
    const weight = drawUniform(1, "plain", [6, 12], 1);
    const order = Int32Array.of(3, 0, 5, 1, 4, 2);
    const factor = identityFactor(order, 2, boundariesOf(12, 2, 3));
    const cuts = new CutMaker(runtime);
    const before = runtime.runs();
    for (const level of [0, 1, 2]) {
      const cut = await takeFloats(await cuts.cut(factor, weight, level));
      expect(cut.data).toEqual(referenceCut(factor, weight, level));
    }
    expect(runtime.runs()).toBe(before);
    await cuts.free();
  });
});
