// Does a device compute what WASM computes? One graph with the operators that denoiser and decoder use, on fixed
// inputs, at a size where wrong attention kernels have shown themselves (32 tokens and more).

import type { Tensor } from "../core/tensor.ts";
import { GraphBuilder } from "../formats/onnx.ts";
import { type DeviceTensor, type Runtime, takeFloats } from "./runtime.ts";

/** fp32 on a right device differs by rounding, which is far below this. */
export const TOLERANCE = 1e-3;

const TOKENS = 64;
const WIDTH = 32;
const HEADS = 4;
const SIDE = 8;

/** Largest difference between the two results relative to the largest value; NaN when a result is not finite. */
export async function relativeError(device: Runtime, reference: Runtime): Promise<number> {
  const [found, expected] = [await runCheck(device), await runCheck(reference)];
  let difference = 0;
  let largest = 0;
  for (let i = 0; i < expected.length; i++) {
    const error = Math.abs((found[i] as number) - (expected[i] as number));
    if (Number.isNaN(error)) return Number.NaN;
    difference = Math.max(difference, error);
    largest = Math.max(largest, Math.abs(expected[i] as number));
  }
  return difference / largest;
}

async function runCheck(runtime: Runtime): Promise<Float32Array> {
  const session = await runtime.load(checkGraph(), "self-check");
  try {
    const x = wave([1, TOKENS, WIDTH], 1);
    const { y } = await session.run({
      x,
      modulation: wave([2, 2 * WIDTH], 4),
      row: { shape: [1], data: Int32Array.of(1) },
      qkv: wave([3 * WIDTH, WIDTH], 2),
      kernel: wave([WIDTH, WIDTH, 3, 3], 3),
    });
    return (await takeFloats(y as DeviceTensor)).data;
  } finally {
    await session.free();
  }
}

/**
 * Normalised tokens with a gathered modulation, attention in primitive operators, tanh-GELU, then a convolution over
 * the tokens as a picture.
 */
function checkGraph(): Uint8Array {
  const g = new GraphBuilder("self-check");
  const headDim = WIDTH / HEADS;
  const x = g.input("x", "float32", [1, TOKENS, WIDTH]);
  const qkv = g.input("qkv", "float32", [3 * WIDTH, WIDTH]);
  const kernel = g.input("kernel", "float32", [WIDTH, WIDTH, 3, 3]);
  const rows = g.node("Gather", [g.input("modulation", "float32", ["U", 2 * WIDTH]), g.input("row", "int32", ["R"])]);
  const [shift, scale] = g.nodes("Split", 2, [rows], { axis: 1, num_outputs: 2 }) as [string, string];
  const [one, zero] = [1, 0].map((value) =>
    g.constant({ shape: [TOKENS], data: new Float32Array(TOKENS).fill(value) }),
  );
  const norm = g.node("InstanceNormalization", [x, one as string, zero as string], { epsilon: 1e-6 });
  const modulated = g.node("Add", [g.node("Mul", [norm, scale]), shift]);
  const packed = g.node("Gemm", [g.node("Reshape", [modulated, g.ints([-1, WIDTH])]), qkv], { transB: 1 });
  const split = g.node("Reshape", [packed, g.ints([0, 3, -1, headDim])]);
  const heads = g.node("Transpose", [split], { perm: [1, 2, 0, 3] }); // [3, H, N, dh]
  const [q, k, v] = g
    .nodes("Split", 3, [heads], { axis: 0, num_outputs: 3 })
    .map((part) => g.node("Squeeze", [part, g.ints([0])])) as [string, string, string];
  const scores = g.node("MatMul", [q, g.node("Transpose", [k], { perm: [0, 2, 1] })]);
  const mixed = g.node("MatMul", [g.node("Softmax", [scores], { axis: -1 }), v]); // [H, N, dh]
  const joined = g.node("Transpose", [mixed], { perm: [0, 2, 1] });
  const picture = g.node("Reshape", [joined, g.ints([1, WIDTH, SIDE, SIDE])]);
  const active = g.node("Gelu", [picture], { approximate: "tanh" });
  g.output(g.node("Conv", [active, kernel], { pads: [1, 1, 1, 1] }, { outputs: ["y"] }), "float32", [
    1,
    WIDTH,
    SIDE,
    SIDE,
  ]);
  return g.build();
}

/** Fixed numbers between -1 and 1 without structure: the fractional parts of multiples of the golden ratio. */
function wave(shape: readonly number[], seed: number): Tensor {
  const size = shape.reduce((product, extent) => product * extent, 1);
  const data = Float32Array.from({ length: size }, (_, i) => 2 * (((i + 1) * seed * 0.6180339887) % 1) - 1);
  return { shape, data };
}
