// The demo's judging networks: one small convolutional body for the classifier (features for distances, class
// accuracy) and for the no-reference quality score. Batch normalisation is folded into the convolutions.

import { StudioError } from "../core/errors.ts";
import type { Tensor } from "../core/tensor.ts";
import { GraphBuilder } from "../formats/onnx.ts";
import { pixelUnshuffle } from "./autoencoder.ts";
import type { WeightTable } from "./model.ts";
import { asMany, atLeastTwo } from "./pair.ts";

const STRIDES = [1, 2, 2, 2] as const;

/**
 * Input `pictures` [B, 3, side, side] in [-1, 1]; outputs `features` [B, 64] and `output` [B, k]: class logits, or the
 * logit of quality.
 */
export function judgeGraph(weights: WeightTable, side: number): Uint8Array {
  const g = new GraphBuilder("judge");
  const constant = (name: string): string => {
    const tensor = weights.get(name);
    if (!tensor) throw new StudioError("missing-data", `judge: there is no "${name}"`);
    return g.constant(tensor as Tensor, name);
  };
  const linear = (x: string, layer: string) =>
    g.node("Gemm", [x, constant(`${layer}.weight`), constant(`${layer}.bias`)], { transB: 1 });

  const pictures = g.input("pictures", "float32", ["B", 3, side, side]);
  let x = pixelUnshuffle(g, atLeastTwo(g, pictures), side, 2);
  for (const [index, stride] of STRIDES.entries()) {
    const inputs = [x, constant(`features.${index}.weight`), constant(`features.${index}.bias`)];
    x = g.node("Relu", [g.node("Conv", inputs, { pads: [1, 1, 1, 1], strides: [stride, stride] })]);
  }
  const mean = g.node("ReduceMean", [x, g.ints([2, 3])], { keepdims: 0 });
  const features = linear(mean, "projection");
  const logits = linear(g.node("Relu", [features]), "head");
  g.output(asMany(g, features, pictures, "features"), "float32", ["B", "features"]);
  g.output(asMany(g, logits, pictures, "output"), "float32", ["B", "k"]);
  return g.build();
}
