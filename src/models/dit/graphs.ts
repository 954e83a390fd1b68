// The graphs that a DiT's program calls. "block" serves every block, stage and level: its weights are inputs whose widths
// are symbols.

import type { Dim, ElementType, GraphWriter } from "../../formats/onnx.ts";
import { mixNodes } from "../mix.ts";
import type { DenoiserSpec } from "../model.ts";
import { upright } from "../product.ts";
import {
  biasBlockNodes,
  blockNodes,
  conditionNodes,
  embedNodes,
  finishNodes,
  guideNodes,
  linear,
  type Weights,
} from "./nodes.ts";
import { FREQUENCIES } from "./spec.ts";

type Wide = ReadonlySet<string>;
/** `wide`: see `Architecture.write`. */
type Writer = (g: GraphWriter, spec: DenoiserSpec, wide: Wide) => void;

const writers: Readonly<Record<string, Writer>> = {
  condition(g, spec, wide) {
    const { width: d, numClasses } = spec;
    const timestep = g.input("timestep", "float32", ["U", FREQUENCIES]);
    const label = g.input("label", "int32", ["U"]);
    const shapes = {
      ...linearShapes("mlp.0", d, FREQUENCIES),
      ...linearShapes("mlp.2", d, d),
      table: [numClasses + 1, d],
    };
    rename(g, conditionNodes(g, timestep, label, inputWeights(g, shapes, wide)), "condition", ["U", d]);
  },
  "modulate-block": (g, spec, wide) => modulate(g, spec, [0, 1, 0, 0, 1, 0], wide),
  "modulate-final": (g, spec, wide) => modulate(g, spec, [0, 1], wide),
  embed: (g, spec, wide) => embed(g, spec, false, wide),
  "embed-guided": (g, spec, wide) => embed(g, spec, true, wide),
  block(g, spec, wide) {
    const inputs = blockInputs(g, spec);
    const { x } = blockNodes(g, spec, inputs, inputWeights(g, blockShapes(spec), wide), "next");
    g.output(x, "float32", tokenShape(spec));
  },
  "block-bias"(g, spec, wide) {
    const inputs = blockInputs(g, spec);
    const biases = inputWeights(g, { "proj.bias": [spec.width], "fc2.bias": [spec.width] }, wide);
    g.output(biasBlockNodes(g, inputs, biases, "next"), "float32", tokenShape(spec));
  },
  "block-gram"(g, spec, wide) {
    const inputs = blockInputs(g, spec);
    const { x, taps } = blockNodes(g, spec, inputs, inputWeights(g, blockShapes(spec), wide), "next");
    g.output(x, "float32", tokenShape(spec));
    const columns = { proj: spec.width, fc2: spec.mlpWidth };
    for (const layer of ["proj", "fc2"] as const) {
      const shape = [columns[layer], columns[layer]];
      const before = g.input(`gram.${layer}`, "float32", shape);
      const input = upright(g, taps[layer].input);
      const sum = g.node("Gemm", [input, input, before], { transA: 1 }, { outputs: [`gram.${layer}.next`] });
      g.output(sum, "float32", shape);
      addRows(g, spec, input, columns[layer], `gram.${layer}.sum`);
    }
  },
  "block-moments"(g, spec, wide) {
    const inputs = blockInputs(g, spec);
    const { x, taps } = blockNodes(g, spec, inputs, inputWeights(g, blockShapes(spec), wide), "next");
    g.output(x, "float32", tokenShape(spec));
    for (const layer of ["proj", "fc2"] as const)
      for (const part of ["input", "output", "producer"] as const) {
        const extent = layer === "fc2" && part === "input" ? spec.mlpWidth : spec.width;
        const rows = part === "input" ? upright(g, taps[layer].input) : taps[layer][part];
        addRows(g, spec, g.node("Mul", [rows, rows]), extent, `moments.${layer}.${part}`);
      }
  },
  change(g, spec) {
    const [before, after] = ["before", "after"].map((name) => {
      const x = g.input(name, "float32", tokenShape(spec));
      return g.node("Reshape", [x, g.ints([0, -1])]);
    }) as [string, string];
    const sum = (a: string, b: string) => g.node("ReduceSum", [g.node("Mul", [a, b]), g.ints([1])], { keepdims: 0 }); // [R]
    const norms = g.node("Mul", [sum(before, before), sum(after, after)]);
    const product = g.node("Max", [g.node("Sqrt", [norms]), g.scalar(1e-8)]);
    const cosine = g.node("Div", [sum(before, after), product]);
    g.output(g.node("Sub", [g.scalar(1), cosine], {}, { outputs: ["change"] }), "float32", ["R"]);
  },
  finish: (g, spec, wide) => finish(g, spec, false, wide),
  "finish-guided": (g, spec, wide) => finish(g, spec, true, wide),
};

/** Writes the graph `id`; see `Architecture.write`. */
export function writeDit(g: GraphWriter, spec: DenoiserSpec, id: string, wide: Wide): void {
  const write = Object.hasOwn(writers, id) ? writers[id] : undefined;
  if (!write) throw new Error(`dit: there is no graph "${id}"`);
  write(g, spec, wide);
}

/** State-dict name of a weight inside a block. */
export function blockName(block: number, name: string): string {
  const layer = name.startsWith("fc") ? "mlp" : "attn";
  return `blocks.${block}.${layer}.${name}`;
}

export function embedNames(name: string): string {
  return name === "position" ? "pos_embed" : `x_embedder.${name}`;
}

/** Adds rows [R N, extent] to the running sum `name` [extent]: first per item, as float32 is short. */
function addRows(g: GraphWriter, { tokens }: DenoiserSpec, rows: string, extent: number, name: string): void {
  const items = g.node("Reshape", [rows, g.ints([-1, tokens, extent])]);
  const perItem = g.node("ReduceSum", [items, g.ints([1])], { keepdims: 0 }); // [R, extent]
  const sum = g.node("ReduceSum", [perItem, g.ints([0])], { keepdims: 0 });
  const before = g.input(name, "float32", [extent]);
  g.output(g.node("Add", [before, sum], {}, { outputs: [`${name}.next`] }), "float32", [extent]);
}

/** Shifts, scales and gates of one adaLN; `isScale` marks the scales, which get their "1 +" here, once. */
function modulate(g: GraphWriter, { width: d }: DenoiserSpec, isScale: readonly (0 | 1)[], wide: Wide): void {
  const size = isScale.length * d;
  const weights = inputWeights(g, linearShapes("linear", size, d), wide);
  const condition = g.input("condition", "float32", ["U", d]);
  const one = g.constant({ shape: [size], data: Float32Array.from(isScale.flatMap((is) => new Array(d).fill(is))) });
  const modulation = g.node(
    "Add",
    [upright(g, linear(g, condition, weights, "linear")), one],
    {},
    { outputs: ["modulation"] },
  );
  g.output(modulation, "float32", ["U", size]);
}

function embed(g: GraphWriter, spec: DenoiserSpec, guided: boolean, wide: Wide): void {
  const { width, patch, tokens, latent: size } = spec;
  const latent = g.input("latent", "float32", ["B", size.channels, size.height, size.width]);
  const shapes = {
    "proj.weight": [width, size.channels, patch, patch],
    "proj.bias": [width],
    ...(!spec.computedPositions && { position: [1, tokens, width] }),
  };
  const weights = inputWeights(g, shapes, wide);
  const x = embedNodes(g, spec, latent, weights);
  rename(g, guided ? g.node("Concat", [x, x], { axis: 0 }) : x, "x", tokenShape(spec));
}

function finish(g: GraphWriter, spec: DenoiserSpec, guided: boolean, wide: Wide): void {
  const { width: d, patch, outputChannels, latent: size } = spec;
  const image: Dim[] = ["B", size.channels, size.height, size.width];
  const inputs = { ...blockInputs(g, spec, 2), latent: g.input("latent", "float32", image) };
  const weights = inputWeights(g, linearShapes("linear", patch * patch * outputChannels, d), wide);
  const raw = finishNodes(g, spec, inputs, weights);
  const guidedOutput = guided ? guideNodes(g, spec, raw, g.input("guidance", "float32", [1])) : raw;
  const output = rename(g, guidedOutput, "output", image);
  const coefficients = g.input("coefficients", "float32", [2]);
  g.output(mixNodes(g, inputs.latent, output, coefficients, "next"), "float32", image);
}

function blockInputs(g: GraphWriter, spec: DenoiserSpec, chunks = 6) {
  return {
    x: g.input("x", "float32", tokenShape(spec)),
    modulation: g.input("modulation", "float32", ["U", chunks * spec.width]),
    row: g.input("row", "int32", ["R"]),
  };
}

function blockShapes({ width: d }: DenoiserSpec): Readonly<Record<string, readonly Dim[]>> {
  return {
    ...linearShapes("qkv", "qkv_rows", d),
    ...linearShapes("proj", d, "head_columns"),
    ...linearShapes("fc1", "channels", d),
    ...linearShapes("fc2", d, "channels"),
  };
}

function tokenShape({ tokens, width }: DenoiserSpec): readonly Dim[] {
  return ["R", tokens, width];
}

function linearShapes(name: string, rows: Dim, columns: Dim): Record<string, readonly Dim[]> {
  return { [`${name}.weight`]: [rows, columns], [`${name}.bias`]: [rows] };
}

/** Declares weights as inputs. */
function inputWeights(g: GraphWriter, shapes: Readonly<Record<string, readonly Dim[]>>, wide: Wide): Weights {
  const type: ElementType = "float32";
  const declared = new Map(Object.entries(shapes).map(([name, shape]) => [name, g.input(name, type, shape)]));
  return Object.assign((name: string) => declared.get(name) as string, { wide });
}

/** An output under a name of its own. */
function rename(g: GraphWriter, value: string, name: string, shape: readonly Dim[]): string {
  const renamed = g.node("Identity", [value], {}, { outputs: [name] });
  g.output(renamed, "float32", shape);
  return renamed;
}
