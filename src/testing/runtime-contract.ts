// What every runtime promises, as one suite that each adapter runs.

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { StudioError } from "../core/errors.ts";
import type { Tensor } from "../core/tensor.ts";
import { GraphBuilder } from "../formats/onnx.ts";
import { type Backend, type DeviceTensor, type Runtime, takeFloats } from "../runtime/runtime.ts";
import { relativeError } from "./close.ts";

const ACROSS_DEVICES = 1e-3;

/**
 * @param open starts the adapter, or says why it cannot run here: then the suite is listed as skipped
 */
export function runtimeContract(adapter: string, backend: Backend, open: () => Promise<Runtime | string>): void {
  describe(`runtime contract: ${adapter}`, async () => {
    const opened = await open();
    if (typeof opened === "string") {
      test.skip(`not here: ${opened.split("\n")[0]}`);
      return;
    }
    promises(opened, backend);
  });
}

function promises(runtime: Runtime, backend: Backend): void {
  beforeAll(async () => {
    expect(runtime.device.backend).toBe(backend);
  });
  afterAll(() => runtime.close());

  const matrix = (rows: number, columns: number, seed = 1): Tensor => ({
    shape: [rows, columns],
    data: Float32Array.from({ length: rows * columns }, (_, i) => Math.sin(seed * (i + 1))),
  });

  test("says what it is and why", () => {
    const { name, reason, threads, maxBufferBytes } = runtime.device;
    expect(name).not.toBe("");
    expect(reason).not.toBe("");
    expect(threads).toBeGreaterThanOrEqual(1);
    expect(maxBufferBytes).toBeGreaterThanOrEqual(2 ** 27);
  });

  test("multiplies matrices of any width with one session", async () => {
    const session = await runtime.load(productGraph(), "product");
    expect(session.inputs).toEqual(["a", "b"]);
    for (const [rows, inner, columns] of [
      [1, 1, 1],
      [3, 7, 5],
      [33, 96, 65],
    ] as const) {
      const [a, b] = [matrix(rows, inner), matrix(columns, inner, 2)];
      const { product } = await session.run({ a, b });
      expect(product?.shape).toEqual([rows, columns]);
      const { data } = await takeFloats(product as DeviceTensor);
      expect(relativeError(data, expectedProduct(a, b))).toBeLessThan(1e-5);
    }
    await session.free();
  });

  test("takes integers, gives the outputs that are asked for, keeps results until they are freed", async () => {
    const session = await runtime.load(gatherGraph(), "gather");
    const row = { shape: [3], data: Int32Array.of(2, 0, 2) };
    const { rows, ...others } = await session.run({ table: matrix(4, 2), row }, ["rows"]);
    expect(Object.keys(others)).toEqual([]);
    const table = matrix(4, 2).data;
    const expected = [2, 0, 2].flatMap((r) => [...table.subarray(2 * r, 2 * r + 2)]);
    for (let time = 0; time < 2; time++) expect([...((await rows?.download())?.data ?? [])]).toEqual(expected);
    rows?.free();
    const { twice } = await session.run({ table: matrix(4, 2), row }, ["twice"]);
    expect(
      relativeError(
        (await takeFloats(twice as DeviceTensor)).data,
        expected.map((v) => 2 * v),
      ),
    ).toBeLessThan(1e-6);
    await session.free();
  });

  test("what was uploaded or computed is fed again without coming back", async () => {
    const session = await runtime.load(productGraph(), "product");
    const identity = runtime.upload({ shape: [3, 3], data: Float32Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1) });
    expect(identity.shape).toEqual([3, 3]);
    expect((await identity.download()).data).toEqual(Float32Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1));
    let value = runtime.upload(matrix(2, 3));
    for (let time = 0; time < 3; time++) {
      const { product } = await session.run({ a: value, b: identity });
      value.free();
      value = product as DeviceTensor;
    }
    expect(relativeError((await takeFloats(value)).data, matrix(2, 3).data)).toBeLessThan(1e-6);
    identity.free();
    await session.free();
  });

  test("calls at the same time do not disturb each other", async () => {
    const session = await runtime.load(productGraph(), "product");
    const other = await runtime.load(gatherGraph(), "gather");
    const calls = Array.from({ length: 8 }, async (_, i) => {
      const [a, b] = [matrix(4 + i, 6, i + 1), matrix(5, 6, i + 2)];
      const [{ product }, { rows }] = await Promise.all([
        session.run({ a, b }),
        other.run({ table: a, row: { shape: [1], data: Int32Array.of(i) } }, ["rows"]),
      ]);
      const [found, row] = [await takeFloats(product as DeviceTensor), await takeFloats(rows as DeviceTensor)];
      expect(relativeError(found.data, expectedProduct(a, b))).toBeLessThan(1e-5);
      expect(row.data).toEqual(a.data.slice(6 * i, 6 * i + 6));
    });
    await Promise.all(calls);
    await session.free();
    await other.free();
  });

  test("the same inputs give the same bits", async () => {
    const session = await runtime.load(productGraph(), "product");
    const feeds = { a: matrix(40, 100), b: matrix(30, 100, 2) };
    const bits = async () => {
      const { product } = await session.run(feeds);
      return new Int32Array((await takeFloats(product as DeviceTensor)).data.slice().buffer);
    };
    const first = await bits();
    for (let time = 0; time < 3; time++) expect(await bits()).toEqual(first);
    await session.free();
  });

  test("shapes that do not fit are an error with a code, and the next run is right", async () => {
    const session = await runtime.load(productGraph(), "product of the test");
    const wrong = session.run({ a: matrix(2, 3), b: matrix(2, 4) });
    await expect(wrong).rejects.toThrow(/product of the test/);
    await expect(wrong).rejects.toBeInstanceOf(StudioError);
    await expect(wrong).rejects.toMatchObject({ code: "shape-mismatch" });
    const { product } = await session.run({ a: matrix(2, 3), b: matrix(2, 3) });
    const { data } = await takeFloats(product as DeviceTensor);
    expect(relativeError(data, expectedProduct(matrix(2, 3), matrix(2, 3)))).toBeLessThan(ACROSS_DEVICES);
    await session.free();
  });

  test("a forgotten input and a graph that is none are named", async () => {
    const session = await runtime.load(productGraph(), "product");
    await expect(session.run({ a: matrix(2, 3) })).rejects.toThrow(/product.*"b"/);
    await expect(runtime.load(Uint8Array.of(1, 2, 3), "nonsense")).rejects.toThrow(/nonsense/);
    await session.free();
  });

  test("a freed tensor is not used again", async () => {
    const session = await runtime.load(productGraph(), "product");
    const a = runtime.upload(matrix(2, 3));
    a.free();
    await expect((async () => session.run({ a, b: matrix(2, 3) }))()).rejects.toThrow(/freed/);
    await expect((async () => a.download())()).rejects.toThrow(/freed/);
    await session.free();
    await session.free();
  });
}

/** product = a b^T */
function productGraph(): Uint8Array {
  const g = new GraphBuilder("product");
  const a = g.input("a", "float32", ["rows", "inner"]);
  const b = g.input("b", "float32", ["columns", "inner"]);
  g.output(g.node("Gemm", [a, b], { transB: 1 }, { outputs: ["product"] }), "float32", ["rows", "columns"]);
  return g.build();
}

function gatherGraph(): Uint8Array {
  const g = new GraphBuilder("gather");
  const [table, row] = [g.input("table", "float32", ["n", "width"]), g.input("row", "int32", ["R"])];
  const rows = g.node("Gather", [table, row], { axis: 0 }, { outputs: ["rows"] });
  g.output(rows, "float32", ["R", "width"]);
  g.output(g.node("Mul", [rows, g.scalar(2)], {}, { outputs: ["twice"] }), "float32", ["R", "width"]);
  return g.build();
}

function expectedProduct(a: Tensor, b: Tensor): Float64Array {
  const [rows, inner] = a.shape as [number, number];
  const [columns] = b.shape as [number];
  return Float64Array.from({ length: rows * columns }, (_, at) => {
    const [row, column] = [Math.floor(at / columns), at % columns];
    let sum = 0;
    for (let k = 0; k < inner; k++) sum += a.data[row * inner + k]! * b.data[column * inner + k]!;
    return sum;
  });
}
