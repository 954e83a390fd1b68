// Inception-v3 as the FID of papers uses it (the network of 2015-12-05, in the names of its PyTorch port): its blocks are
// data. Widths and kernels follow from the weights; batch normalisation is folded into the convolutions. It differs from
// torchvision's in its pools, see MIXED, and has 1,008 classes.

import { StudioError } from "../core/errors.ts";
import type { Tensor } from "../core/tensor.ts";
import { GraphBuilder } from "../formats/onnx.ts";
import type { WeightTable } from "./model.ts";

/**
 * Layers one after the other, paths side by side: their ends are joined by channels. "layer" keeps height and width,
 * "layer/1" has no border, "layer/2" neither and a stride of 2; "avg" and "max" pool 3 x 3. Paths that begin alike share
 * their beginning.
 */
type Block = readonly string[];

const STEM: Block = ["Conv2d_1a_3x3/2 Conv2d_2a_3x3/1 Conv2d_2b_3x3 max/2 Conv2d_3b_1x1 Conv2d_4a_3x3/1 max/2"];
const DOUBLE_3X3 = "branch3x3dbl_1 branch3x3dbl_2";
const A: Block = ["branch1x1", "branch5x5_1 branch5x5_2", `${DOUBLE_3X3} branch3x3dbl_3`, "avg branch_pool"];
const B: Block = ["branch3x3/2", `${DOUBLE_3X3} branch3x3dbl_3/2`, "max/2"];
const C: Block = [
  "branch1x1",
  "branch7x7_1 branch7x7_2 branch7x7_3",
  "branch7x7dbl_1 branch7x7dbl_2 branch7x7dbl_3 branch7x7dbl_4 branch7x7dbl_5",
  "avg branch_pool",
];
const D: Block = ["branch3x3_1 branch3x3_2/2", "branch7x7x3_1 branch7x7x3_2 branch7x7x3_3 branch7x7x3_4/2", "max/2"];
const E = (pool: "avg" | "max"): Block => [
  "branch1x1",
  "branch3x3_1 branch3x3_2a",
  "branch3x3_1 branch3x3_2b",
  `${DOUBLE_3X3} branch3x3dbl_3a`,
  `${DOUBLE_3X3} branch3x3dbl_3b`,
  `${pool} branch_pool`,
];
/** Averages leave the border out, and the last block takes the largest: so TensorFlow's graph does. */
const MIXED: Readonly<Record<string, Block>> = {
  Mixed_5b: A,
  Mixed_5c: A,
  Mixed_5d: A,
  Mixed_6a: B,
  Mixed_6b: C,
  Mixed_6c: C,
  Mixed_6d: C,
  Mixed_6e: C,
  Mixed_7a: D,
  Mixed_7b: E("avg"),
  Mixed_7c: E("max"),
};

/** A name that no other network's state dict has. */
export const INCEPTION = "Mixed_7c.branch_pool.conv.weight";
/** Of the pictures that it was trained on, pixels. */
const SIDE = 299;
const EPSILON = 1e-3;

/**
 * Input `pictures` [B, 3, H, W] in [-1, 1]; outputs `features` [B, 2048] (pool_3) and `output` [B, 1008], the logits without
 * their bias, as Inception Scores take them. @throws missing-data naming the tensor
 */
export function inceptionGraph(weights: WeightTable): Uint8Array {
  const g = new GraphBuilder("inception");
  const pictures = g.input("pictures", "float32", ["B", 3, "H", "W"]);
  let x = block(g, weights, prepared(g, pictures), STEM, "");
  for (const [name, paths] of Object.entries(MIXED)) x = block(g, weights, x, paths, `${name}.`);
  const mean = g.node("ReduceMean", [x, g.ints([2, 3])], { keepdims: 0 }, { outputs: ["features"] });
  g.output(mean, "float32", ["B", "features"]);
  const head = g.constant(of(weights, "fc.weight"), "fc.weight");
  g.output(g.node("Gemm", [mean, head], { transB: 1 }, { outputs: ["output"] }), "float32", ["B", "k"]);
  return g.build();
}

/** Resized as TensorFlow 1 does, from the corner on, and as the graph normalises: (8-bit value - 128) / 128. */
function prepared(g: GraphBuilder, pictures: string): string {
  const count = g.node("Shape", [pictures], { start: 0, end: 2 });
  const sizes = g.node("Concat", [count, g.ints([SIDE, SIDE])], { axis: 0 });
  const mode = { mode: "linear", coordinate_transformation_mode: "asymmetric" };
  const resized = g.node("Resize", [pictures, "", "", sizes], mode);
  const scaled = g.node("Mul", [resized, g.scalar(127.5 / 128)]);
  return g.node("Add", [scaled, g.scalar(-0.5 / 128)]);
}

function block(g: GraphBuilder, weights: WeightTable, x: string, paths: Block, prefix: string): string {
  const made = new Map<string, string>();
  const ends = paths.map((path) => {
    let [value, begun] = [x, ""];
    for (const layer of path.split(" ")) {
      begun += ` ${layer}`;
      value = made.get(begun) ?? applied(g, weights, value, layer, prefix);
      made.set(begun, value);
    }
    return value;
  });
  return ends.length === 1 ? (ends[0] as string) : g.node("Concat", ends, { axis: 1 });
}

function applied(g: GraphBuilder, weights: WeightTable, x: string, layer: string, prefix: string): string {
  const [name, stride] = layer.split("/") as [string, string?];
  const strides = stride === "2" ? [2, 2] : [1, 1];
  const border = (extent: number) => (stride === undefined ? (extent - 1) / 2 : 0);
  if (name === "avg" || name === "max") {
    const pads = [1, 1, 1, 1].map((one) => (stride === undefined ? one : 0));
    const op = name === "avg" ? "AveragePool" : "MaxPool";
    return g.node(op, [x], { kernel_shape: [3, 3], strides, pads });
  }
  const { weight, bias } = folded(weights, prefix + name);
  const [height, width] = weight.shape.slice(2) as [number, number];
  const pads = [border(height), border(width), border(height), border(width)];
  return g.node("Relu", [g.node("Conv", [x, g.constant(weight), g.constant(bias)], { strides, pads })]);
}

/** A convolution with its normalisation inside. */
function folded(weights: WeightTable, layer: string): { readonly weight: Tensor; readonly bias: Tensor } {
  const { shape, data } = of(weights, `${layer}.conv.weight`);
  const [gain, shift, mean, variance] = ["weight", "bias", "running_mean", "running_var"].map(
    (part) => of(weights, `${layer}.bn.${part}`).data,
  ) as [Float32Array, Float32Array, Float32Array, Float32Array];
  const rows = gain.length;
  const size = data.length / rows;
  const scales = Float64Array.from(gain, (value, row) => value / Math.sqrt(variance[row]! + EPSILON));
  return {
    weight: { shape, data: data.map((value, i) => value * scales[Math.floor(i / size)]!) },
    bias: { shape: [rows], data: shift.map((value, row) => value - mean[row]! * scales[row]!) },
  };
}

function of(weights: WeightTable, name: string): Tensor {
  const tensor = weights.get(name);
  if (!tensor) throw new StudioError("missing-data", `inception-v3: there is no "${name}"`);
  return tensor;
}
