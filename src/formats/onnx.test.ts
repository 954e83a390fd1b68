import * as ort from "onnxruntime-node";
import { describe, expect, test } from "vitest";
import { GraphBuilder } from "./onnx.ts";
import { Message } from "./protobuf.ts";

const text = new TextEncoder();
/** One fixed graph with every kind of value, attribute and constant. */
function sampleGraph(): Uint8Array {
  const g = new GraphBuilder("sample");
  const x = g.input("x", "float32", ["rows", 3]);
  const index = g.input("index", "int32", [2]);
  const weight = g.constant({ shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6) }, "weight");
  const linear = g.node("Gemm", [x, weight], { transB: 1, alpha: 0.5 });
  const [first, second] = g.nodes("Split", 2, [linear], { axis: -1, num_outputs: 2 }) as [string, string];
  const gelu = g.node("Gelu", [first], { approximate: "tanh" });
  const sum = g.node("Add", [gelu, g.node("Mul", [second, g.scalar(2)])]);
  const flat = g.node("Reshape", [sum, g.ints([-1])]);
  const chosen = g.node("Gather", [flat, index], { axis: 0 }, { outputs: ["chosen"] });
  g.output(chosen, "float32", [2]);
  const positions = g.constant({ shape: [2], data: Int32Array.of(7, -8) });
  g.output(g.node("Add", [index, positions], {}, { outputs: ["moved"] }), "int32", [2]);
  return g.build();
}

describe("a graph", () => {
  test("computes what was written", async () => {
    const session = await ort.InferenceSession.create(sampleGraph());
    const x = Float32Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1);
    const { chosen, moved } = await session.run({
      x: new ort.Tensor("float32", x, [3, 3]),
      index: new ort.Tensor("int32", Int32Array.of(2, 0), [2]),
    });
    const gelu = (v: number) => 0.5 * v * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (v + 0.044715 * v ** 3)));
    const expected = [gelu(1.5) + 6, gelu(0.5) + 4]; // rows 2 and 0 of gelu(w0 / 2) + w1
    const found = chosen!.data as Float32Array;
    for (const [i, value] of expected.entries()) expect(found[i]).toBeCloseTo(value, 6);
    expect([...(moved!.data as Int32Array)]).toEqual([9, -8]);
  });

  test("has the same bytes every time", () => {
    expect(sampleGraph()).toEqual(sampleGraph());
  });

  test("holds a repeated list of integers once", () => {
    const size = (count: number) => {
      const g = new GraphBuilder("shared");
      const names = Array.from({ length: count }, () => g.ints([0, -1, 3]));
      expect(new Set(names).size).toBe(1);
      return g.build().byteLength;
    };
    expect(size(5)).toBe(size(1));
  });

  test("takes a whole number as a float when told so, and leaves optional inputs out", async () => {
    const g = new GraphBuilder("attributes");
    const x = g.input("x", "float32", [2]);
    const positive = g.node("LeakyRelu", [x], { alpha: { float: 2 } });
    g.output(g.node("Clip", [positive, "", g.scalar(3)], {}, { outputs: ["y"] }), "float32", [2]);
    const session = await ort.InferenceSession.create(g.build());
    const { y } = await session.run({ x: new ort.Tensor("float32", Float32Array.of(-1, 5), [2]) });
    expect([...(y!.data as Float32Array)]).toEqual([-2, 3]);
  });

  test("may use another domain's operators", async () => {
    const g = new GraphBuilder("domain");
    const x = g.input("x", "float32", [1]);
    const y = g.node("QuickGelu", [x], { alpha: { float: 1 } }, { outputs: ["y"], domain: "com.microsoft" });
    g.output(y, "float32", [1]);
    const session = await ort.InferenceSession.create(g.build());
    const { y: found } = await session.run({ x: new ort.Tensor("float32", Float32Array.of(1), [1]) });
    expect((found!.data as Float32Array)[0]).toBeCloseTo(1 / (1 + Math.exp(-1)), 6);
  });

  test("refuses a constant that does not fill its shape", () => {
    const g = new GraphBuilder("short");
    expect(() => g.constant({ shape: [3], data: new Float32Array(2) }, "bias")).toThrow(/2 values.*\[3\] of bias/);
  });
});

describe("protobuf", () => {
  // google.protobuf (Python): the examples of the encoding guide, and -1 as int64
  test.each([
    ["a small integer", new Message().integer(1, 150), [0x08, 0x96, 0x01]],
    ["zero", new Message().integer(2, 0), [0x10, 0x00]],
    ["a negative integer", new Message().integer(1, -1), [0x08, ...new Array(9).fill(0xff), 0x01]],
    ["2^53 - 1", new Message().integer(1, Number.MAX_SAFE_INTEGER), [0x08, ...new Array(7).fill(0xff), 0x0f]],
    ["text", new Message().text(2, "testing"), [0x12, 7, ...text.encode("testing")]],
    ["a message", new Message().message(3, new Message().integer(1, 150)), [0x1a, 3, 0x08, 0x96, 0x01]],
    ["a float in a high field", new Message().float(20, 1), [0xa5, 0x01, 0, 0, 0x80, 0x3f]],
  ])("%s", (_, message, bytes) => {
    expect([...message.toBytes()]).toEqual(bytes);
    expect(message.size).toBe(bytes.length);
  });
});
