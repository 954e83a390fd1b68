// Structural similarity of a pruned picture to the dense one (Diff-ES §3.2; Wang et al. 2004): the fitness of a search.
// As in the authors' code the window slides over a zero border and moments are biased; it is not the SSIM that their
// tables report (greyscale, 7 x 7, cropped). The Gaussian window is separable: two depthwise convolutions.

import { tensor } from "../core/tensor.ts";
import { GraphBuilder } from "../formats/onnx.ts";
import { graphScorer, type Metric } from "./metric.ts";
import { C1, C2, ssimWindow, WINDOW } from "./parts/ssim-window.ts";

const CHANNELS = 3;

export const ssim: Metric = {
  label: "SSIM",
  help: "How much of the dense model's picture is kept: local brightness, contrast and structure. 1 is identical.",
  equation: "(2μₐμᵦ + c₁)(2σₐᵦ + c₂) / ((μₐ² + μᵦ² + c₁)(σₐ² + σᵦ² + c₂)), mean over windows",
  source: "Diff-ES §3.2",
  options: {},
  role: "fitness",
  direction: "higher",
  range: [-1, 1],
  space: "pictures",
  reference: true,
  networks: [],
  open: (runtime) => graphScorer(runtime, ssimGraph(), "ssim", ssim),
};

/** student, reference [B, 3, H, W] in [-1, 1], clamped there -> score [B] */
function ssimGraph(): Uint8Array {
  const g = new GraphBuilder("ssim");
  const plus = (a: string, b: string) => g.node("Add", [a, b]);
  const minus = (a: string, b: string) => g.node("Sub", [a, b]);
  const times = (a: string, b: string) => g.node("Mul", [a, b]);
  const one = g.scalar(1);
  const half = g.scalar(0.5);

  // Pictures in [-1/2, 1/2]: there the variance, a difference of squares, keeps most of its digits in float32.
  const [student, reference] = ["student", "reference"].map((name) =>
    g.input(name, "float32", ["B", CHANNELS, "H", "W"]),
  ) as [string, string];
  const [x, y] = [student, reference].map((picture) =>
    g.node("Clip", [times(picture, half), g.scalar(-0.5), half]),
  ) as [string, string];
  // Ones, or NaN where clamping would hide that the student is broken.
  const inside = plus(times(student, g.scalar(0)), one);

  // Under the window: means of both pictures, of their squares and product, and the share w that is inside.
  const planes = [x, y, times(x, x), times(y, y), times(x, y), inside];
  const smooth = blur(g, g.node("Concat", planes, { axis: 1 }), planes.length * CHANNELS); // [B, 18, H, W]
  const widths = g.ints(planes.map(() => CHANNELS));
  const [mx, my, mxx, myy, mxy, w] = g.nodes("Split", planes.length, [smooth, widths], { axis: 1 }) as Planes;

  // Back to pictures in [0, 1], which are zero outside: with a' = a + 1/2 inside, and so for b,
  // E[a'b'] - E[a'] E[b'] = E[ab] - E[a] E[b] + (1 - w) ((E[a] + E[b]) / 2 + w / 4).
  const shift = times(w, half);
  const [ux, uy] = [plus(mx, shift), plus(my, shift)];
  const outside = times(minus(one, w), half);
  const moment = (product: string, a: string, b: string) =>
    plus(minus(product, times(a, b)), times(outside, plus(plus(a, b), shift)));
  const variances = plus(moment(mxx, mx, mx), moment(myy, my, my));
  const covariance = moment(mxy, mx, my);
  const product = times(ux, uy);
  const squares = plus(times(ux, ux), times(uy, uy));
  const above = times(plus(plus(product, product), g.scalar(C1)), plus(plus(covariance, covariance), g.scalar(C2)));
  const below = times(plus(squares, g.scalar(C1)), plus(variances, g.scalar(C2)));
  const places = g.node("Div", [above, below]); // [B, 3, H, W]
  g.node("ReduceMean", [places, g.ints([1, 2, 3])], { keepdims: 0 }, { outputs: ["score"] }); // [B]
  g.output("score", "float32", ["B"]);
  return g.build();
}

type Planes = [string, string, string, string, string, string];

/** Gaussian window over every channel on its own, zeros outside the picture; same size. */
function blur(g: GraphBuilder, planes: string, channels: number): string {
  const reach = (WINDOW - 1) / 2;
  const line = ssimWindow();
  const weights = Float32Array.from({ length: channels * WINDOW }, (_, i) => line[i % WINDOW]!);
  const down = g.constant(tensor(weights, [channels, 1, WINDOW, 1]));
  const across = g.constant(tensor(weights, [channels, 1, 1, WINDOW]));
  const blurred = g.node("Conv", [planes, down], { group: channels, pads: [reach, 0, reach, 0] });
  return g.node("Conv", [blurred, across], { group: channels, pads: [0, reach, 0, reach] });
}
