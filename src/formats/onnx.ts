// Writes ONNX models (opset 21, IR 10) from code. Graphs are built where their mathematics is described, so that a
// reader sees the operators and not an opaque file. It does not check operators: the runtime does that on load.
// Field numbers are those of onnx.proto.

import { StudioError } from "../core/errors.ts";
import { type AnyTensor, sizeOf } from "../core/tensor.ts";
import { Message } from "./protobuf.ts";

const IR_VERSION = 10;
const OPSET = 21;
const PROTOBUF_LIMIT = 2 ** 31 - 1;

const ELEMENT_TYPES = { float32: 1, int32: 6, int64: 7 } as const;
export type ElementType = keyof typeof ELEMENT_TYPES;

/** An extent, or the name of one that is only known when the graph runs. */
export type Dim = number | string;

/** Whole numbers become integers; `{ float: 2 }` is for a float that happens to be whole. */
export type Attribute = number | string | readonly number[] | { readonly float: number };

export interface NodeOptions {
  /** Names for the outputs; generated when absent. */
  readonly outputs?: readonly string[];
  readonly domain?: string;
}

/** Where a graph is written to. Values are strings: what a method returns is a name to pass on. */
export interface GraphWriter {
  input(name: string, type: ElementType, dims: readonly Dim[]): string;
  output(name: string, type: ElementType, dims: readonly Dim[]): string;
  /** A float32 or int32 constant. Its data must not change before the graph is built. */
  constant(tensor: AnyTensor, name?: string): string;
  /** A float32 constant without dimensions. */
  scalar(value: number): string;
  /** A one-dimensional int64 constant: what shapes, axes and borders are written in. */
  ints(values: readonly number[]): string;
  /** Adds a node and returns its first output. An input "" is an optional one left out. */
  node(
    op: string,
    inputs: readonly string[],
    attributes?: Readonly<Record<string, Attribute>>,
    options?: NodeOptions,
  ): string;
  /** Adds a node with `count` outputs and returns their names. */
  nodes(
    op: string,
    count: number,
    inputs: readonly string[],
    attributes?: Readonly<Record<string, Attribute>>,
  ): string[];
}

/** A graph's input or output. */
export interface Port {
  readonly name: string;
  readonly type: ElementType;
  readonly dims: readonly Dim[];
}

export class GraphBuilder implements GraphWriter {
  readonly #name: string;
  readonly #nodes: Message[] = [];
  readonly #initialisers: Message[] = [];
  readonly #inputs: Message[] = [];
  readonly #outputs: Message[] = [];
  readonly #domains = new Set<string>();
  readonly #integers = new Map<string, string>();
  #names = 0;

  constructor(name: string) {
    this.#name = name;
  }

  input(name: string, type: ElementType, dims: readonly Dim[]): string {
    this.#inputs.push(valueInfo(name, type, dims));
    return name;
  }

  output(name: string, type: ElementType, dims: readonly Dim[]): string {
    this.#outputs.push(valueInfo(name, type, dims));
    return name;
  }

  constant({ shape, data }: AnyTensor, name = this.#newName("constant")): string {
    if (data.length !== sizeOf(shape))
      throw new Error(`onnx ${this.#name}: ${data.length} values do not fill [${shape.join(", ")}] of ${name}`);
    const type = data instanceof Float32Array ? "float32" : "int32";
    this.#initialise(name, type, shape, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    return name;
  }

  scalar(value: number): string {
    return this.constant({ shape: [], data: Float32Array.of(value) });
  }

  ints(values: readonly number[]): string {
    const key = values.join();
    let name = this.#integers.get(key);
    if (!name) {
      name = this.#newName("ints");
      this.#integers.set(key, name);
      const data = BigInt64Array.from(values, BigInt);
      this.#initialise(name, "int64", [values.length], new Uint8Array(data.buffer));
    }
    return name;
  }

  node(
    op: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, Attribute>> = {},
    { outputs = [this.#newName(op)], domain = "" }: NodeOptions = {},
  ): string {
    const node = new Message();
    for (const input of inputs) node.text(1, input);
    for (const output of outputs) node.text(2, output);
    node.text(3, `${this.#nodes.length}/${op}`).text(4, op);
    for (const [name, value] of Object.entries(attributes)) node.message(5, attribute(name, value));
    if (domain) node.text(7, domain);
    this.#domains.add(domain);
    this.#nodes.push(node);
    return outputs[0] as string;
  }

  nodes(
    op: string,
    count: number,
    inputs: readonly string[],
    attributes: Readonly<Record<string, Attribute>> = {},
  ): string[] {
    const outputs = Array.from({ length: count }, () => this.#newName(op));
    this.node(op, inputs, attributes, { outputs });
    return outputs;
  }

  /**
   * A writer of a graph that becomes part of this one: `given` says which value stands for an input, outputs are handed
   * to `made`, and all names that it gives begin with the prefix.
   */
  part(prefix: string, given: (input: Port) => string, made: (output: Port) => void): GraphWriter {
    const own = (name: string) => `${prefix}${name}`;
    return {
      ints: (values) => this.ints(values),
      scalar: (value) => this.scalar(value),
      nodes: (op, count, inputs, attributes) => this.nodes(op, count, inputs, attributes),
      input: (name, type, dims) => given({ name, type, dims }),
      output: (name, type, dims) => {
        made({ name, type, dims });
        return name;
      },
      constant: (tensor, name) => (name === undefined ? this.constant(tensor) : this.constant(tensor, own(name))),
      node: (op, inputs, attributes, { outputs, ...options } = {}) =>
        this.node(op, inputs, attributes, outputs ? { ...options, outputs: outputs.map(own) } : options),
    };
  }

  /** @throws invalid-input when the constants make the file longer than the format can say. */
  build(): Uint8Array {
    const graph = new Message();
    for (const node of this.#nodes) graph.message(1, node);
    graph.text(2, this.#name);
    for (const initialiser of this.#initialisers) graph.message(5, initialiser);
    for (const input of this.#inputs) graph.message(11, input);
    for (const output of this.#outputs) graph.message(12, output);
    const model = new Message().integer(1, IR_VERSION).text(2, "diff-es-studio").message(7, graph);
    for (const domain of new Set(["", ...this.#domains]))
      model.message(8, new Message().text(1, domain).integer(2, domain === "" ? OPSET : 1));
    if (model.size > PROTOBUF_LIMIT)
      throw new StudioError(
        "invalid-input",
        `onnx ${this.#name}: ${model.size} bytes, the format ends at ${PROTOBUF_LIMIT}; feed the weights as inputs`,
      );
    return model.toBytes();
  }

  #newName(stem: string): string {
    return `${stem}_${this.#names++}`;
  }

  #initialise(name: string, type: ElementType, shape: readonly number[], bytes: Uint8Array): void {
    const tensor = new Message();
    for (const extent of shape) tensor.integer(1, extent);
    // typed arrays are little-endian wherever WebAssembly runs, and so is raw_data
    this.#initialisers.push(tensor.integer(2, ELEMENT_TYPES[type]).text(8, name).bytes(9, bytes));
  }
}

function valueInfo(name: string, type: ElementType, dims: readonly Dim[]): Message {
  const shape = new Message();
  for (const dim of dims)
    shape.message(1, typeof dim === "number" ? new Message().integer(1, dim) : new Message().text(2, dim));
  const tensor = new Message().integer(1, ELEMENT_TYPES[type]).message(2, shape);
  return new Message().text(1, name).message(2, new Message().message(1, tensor));
}

/** AttributeProto: its type (1 float, 2 int, 3 string, 7 ints) goes into field 20. */
function attribute(name: string, value: Attribute): Message {
  const message = new Message().text(1, name);
  if (typeof value === "string") return message.text(4, value).integer(20, 3);
  if (typeof value === "object" && "float" in value) return message.float(2, value.float).integer(20, 1);
  if (typeof value === "object") {
    for (const entry of value) message.integer(8, entry);
    return message.integer(20, 7);
  }
  return Number.isInteger(value) ? message.integer(3, value).integer(20, 2) : message.float(2, value).integer(20, 1);
}
