// The demo's convolutional autoencoder: 8 x 8 latents to 64 x 64 pictures and back. Widths come from the shapes.
// Group normalisation is written with InstanceNormalization, which every backend has.

import { StudioError } from "../core/errors.ts";
import type { Tensor } from "../core/tensor.ts";
import { type Dim, GraphBuilder } from "../formats/onnx.ts";
import type { WeightTable } from "./model.ts";
import { asMany, atLeastTwo } from "./pair.ts";

const GROUPS = 8;
const EPSILON = 1e-5;

/** Input `latents` [B, C, h, w], standardised; output `pictures` [B, 3, 8 h, 8 w] in about [-1, 1]. */
export function decoderGraph(weights: WeightTable): Uint8Array {
  const net = new ConvNet("decoder", weights);
  const { g } = net;
  const channels = net.extent("latent_mean");
  const latents = g.input("latents", "float32", image(channels, "h", "w"));
  const scaled = g.node("Mul", [atLeastTwo(g, latents), net.perChannel("latent_std")]);
  let x = net.conv(g.node("Add", [scaled, net.perChannel("latent_mean")]), "conv_in");
  x = net.residual(net.residual(x, "res1"), "res2");
  x = net.residual(net.conv(net.upsample(x), "up1"), "res3");
  x = net.residual(net.conv(net.upsample(x), "up2"), "res4");
  x = net.conv(net.silu(net.norm(x, "norm")), "conv_ps");
  x = g.node("DepthToSpace", [x], { blocksize: 2, mode: "CRD" }); // pixel shuffle
  x = net.conv(net.silu(x), "out");
  g.output(asMany(g, x, latents, "pictures"), "float32", image(3, "H", "W"));
  return g.build();
}

/** Input `pictures` [B, 3, H, W] in [-1, 1]; output `latents` [B, C, H/8, W/8]: the posterior mean, standardised. */
export function encoderGraph(weights: WeightTable, side: number): Uint8Array {
  const net = new ConvNet("encoder", weights);
  const { g } = net;
  const channels = net.extent("latent_mean");
  const pictures = g.input("pictures", "float32", image(3, side, side));
  let x = net.residual(net.conv(pixelUnshuffle(g, atLeastTwo(g, pictures), side, 4), "conv_in"), "res1");
  x = net.residual(net.conv(x, "down", 2), "res2");
  x = net.conv(net.silu(net.norm(x, "norm")), "out");
  const mean = g.node("Slice", [x, g.ints([0]), g.ints([channels]), g.ints([1])]);
  const centred = g.node("Sub", [mean, net.perChannel("latent_mean")]);
  const standard = g.node("Div", [centred, net.perChannel("latent_std")]);
  g.output(asMany(g, standard, pictures, "latents"), "float32", image(channels, side / 8, side / 8));
  return g.build();
}

/** [B, 3, side, side] -> [B, 3 r r, side / r, side / r], as torch.pixel_unshuffle. */
export function pixelUnshuffle(g: GraphBuilder, pictures: string, side: number, r: number): string {
  const cells = side / r;
  const split = g.node("Reshape", [pictures, g.ints([-1, 3, cells, r, cells, r])]);
  const moved = g.node("Transpose", [split], { perm: [0, 1, 3, 5, 2, 4] }); // [B, 3, r, r, rows, columns]
  return g.node("Reshape", [moved, g.ints([-1, 3 * r * r, cells, cells])]);
}

/** Layers of one half, with their weights inside the graph. */
class ConvNet {
  readonly g: GraphBuilder;
  readonly #half: string;
  readonly #weights: WeightTable;

  constructor(half: "encoder" | "decoder", weights: WeightTable) {
    this.g = new GraphBuilder(half);
    this.#half = half;
    this.#weights = weights;
  }

  extent(name: string): number {
    return this.#tensor(name).shape[0] as number;
  }

  perChannel(name: string): string {
    const { data } = this.#tensor(name);
    return this.g.constant({ shape: [1, data.length, 1, 1], data });
  }

  conv(x: string, layer: string, stride = 1): string {
    const [weight, bias] = [this.#constant(`${layer}.weight`), this.#constant(`${layer}.bias`)];
    return this.g.node("Conv", [x, weight, bias], { pads: [1, 1, 1, 1], strides: [stride, stride] });
  }

  residual(x: string, layer: string): string {
    const inner = this.conv(this.silu(this.norm(x, `${layer}.norm1`)), `${layer}.conv1`);
    return this.g.node("Add", [x, this.conv(this.silu(this.norm(inner, `${layer}.norm2`)), `${layer}.conv2`)]);
  }

  /** GroupNorm(8): instance normalisation over groups, then the affine map per channel. */
  norm(x: string, layer: string): string {
    const { g } = this;
    const one = g.constant({ shape: [GROUPS], data: new Float32Array(GROUPS).fill(1) });
    const zero = g.constant({ shape: [GROUPS], data: new Float32Array(GROUPS) });
    const grouped = g.node("Reshape", [x, g.ints([0, GROUPS, -1])]);
    const normal = g.node("InstanceNormalization", [grouped, one, zero], { epsilon: { float: EPSILON } });
    const back = g.node("Reshape", [normal, g.node("Shape", [x])]);
    const [scale, shift] = ["weight", "bias"].map((part) => this.perChannel(`${this.#half}.${layer}.${part}`));
    return g.node("Add", [g.node("Mul", [back, scale as string]), shift as string]);
  }

  silu(x: string): string {
    return this.g.node("Mul", [x, this.g.node("Sigmoid", [x])]);
  }

  /** Nearest neighbour, twice the height and width. */
  upsample(x: string): string {
    const scales = this.g.constant({ shape: [4], data: Float32Array.of(1, 1, 2, 2) });
    const mode = { mode: "nearest", coordinate_transformation_mode: "asymmetric", nearest_mode: "floor" };
    return this.g.node("Resize", [x, "", scales], mode);
  }

  #constant(name: string): string {
    return this.g.constant(this.#tensor(`${this.#half}.${name}`), name);
  }

  #tensor(name: string): Tensor {
    const tensor = this.#weights.get(name);
    if (!tensor) throw new StudioError("missing-data", `autoencoder: there is no "${name}"`);
    return tensor;
  }
}

function image(channels: Dim, height: Dim, width: Dim): Dim[] {
  return ["B", channels, height, width];
}
