// Writes ONNX models: a builder that names values for you, over a protobuf writer that knows the dozen messages we
// need. Nothing here runs a model. Opset 21, IR version 10 (onnx.proto3 of ONNX 1.16 gives the field numbers).

import type { AnyTensor } from "../core/tensor.ts";

export type ElementType = "float32" | "int32" | "int64" | "float64" | "bool";
/** A fixed extent, or the name of a symbolic one. */
export type Extent = number | string;
export type Attribute = number | string | readonly number[] | { readonly float: number };
export type Attributes = Readonly<Record<string, Attribute>>;

const ELEMENT: Readonly<Record<ElementType, number>> = { float32: 1, int32: 6, int64: 7, bool: 9, float64: 11 };
const OPSET = 21;
const IR_VERSION = 10;

export class GraphBuilder {
  readonly #name: string;
  readonly #nodes: Uint8Array[] = [];
  readonly #initialisers: Uint8Array[] = [];
  readonly #inputs: Uint8Array[] = [];
  readonly #outputs: Uint8Array[] = [];
  readonly #constants = new Map<string, string>();
  #values = 0;

  constructor(name: string) {
    this.#name = name;
  }

  input(name: string, type: ElementType, shape: readonly Extent[]): string {
    this.#inputs.push(valueInfo(name, type, shape));
    return name;
  }

  /** Declares a value as an output; the value's name is the output's. */
  output(name: string, type: ElementType, shape: readonly Extent[]): void {
    this.#outputs.push(valueInfo(name, type, shape));
  }

  /** A tensor inside the model, under its own name when it is a weight. */
  constant(value: AnyTensor, name = this.#fresh("constant")): string {
    const { shape, data } = value;
    const type = data instanceof Float32Array ? "float32" : "int32";
    this.#initialisers.push(tensorProto(name, type, shape, bytesOf(data)));
    return name;
  }

  /** A float32 scalar; equal scalars are stored once. */
  scalar(value: number): string {
    return this.#once(`scalar ${value}`, (name) => tensorProto(name, "float32", [], bytesOf(Float32Array.of(value))));
  }

  /** A one-dimensional int64 constant, as shapes and axes want it; equal lists are stored once. */
  ints(values: readonly number[]): string {
    return this.#once(`ints ${values.join()}`, (name) =>
      tensorProto(name, "int64", [values.length], bytesOf(BigInt64Array.from(values, BigInt))),
    );
  }

  /** Adds a node with one output and returns the output's name. */
  node(op: string, inputs: readonly string[], attributes: Attributes = {}, output = this.#fresh(op)): string {
    this.#add(op, inputs, [output], attributes);
    return output;
  }

  /** Adds a node with several outputs and returns their names. */
  nodes(op: string, inputs: readonly string[], count: number, attributes: Attributes = {}): string[] {
    const outputs = Array.from({ length: count }, () => this.#fresh(op));
    this.#add(op, inputs, outputs, attributes);
    return outputs;
  }

  build(): Uint8Array {
    const graph = message([
      ...this.#nodes.map((node) => bytesField(1, node)),
      textField(2, this.#name),
      ...this.#initialisers.map((tensor) => bytesField(5, tensor)),
      ...this.#inputs.map((info) => bytesField(11, info)),
      ...this.#outputs.map((info) => bytesField(12, info)),
    ]);
    const opset = message([textField(1, ""), intField(2, OPSET)]);
    return message([
      intField(1, IR_VERSION),
      textField(2, "diff-es-studio"),
      bytesField(7, graph),
      bytesField(8, opset),
    ]);
  }

  #add(op: string, inputs: readonly string[], outputs: readonly string[], attributes: Attributes): void {
    this.#nodes.push(
      message([
        ...inputs.map((name) => textField(1, name)),
        ...outputs.map((name) => textField(2, name)),
        textField(3, `${op}.${this.#nodes.length}`),
        textField(4, op),
        ...Object.entries(attributes).map(([name, value]) => bytesField(5, attributeProto(name, value))),
      ]),
    );
  }

  #once(key: string, proto: (name: string) => Uint8Array): string {
    let name = this.#constants.get(key);
    if (name === undefined) {
      name = this.#fresh("constant");
      this.#constants.set(key, name);
      this.#initialisers.push(proto(name));
    }
    return name;
  }

  #fresh(hint: string): string {
    return `${hint}_${this.#values++}`;
  }
}

/** An integer is an int attribute; write `{ float: 1 }` for a float. */
function attributeProto(name: string, value: Attribute): Uint8Array {
  if (typeof value === "string") return message([textField(1, name), textField(4, value), intField(20, 3)]);
  if (typeof value === "number") return message([textField(1, name), intField(3, value), intField(20, 2)]);
  if ("float" in value) return message([textField(1, name), floatField(2, value.float), intField(20, 1)]);
  return message([textField(1, name), ...value.map((item) => intField(8, item)), intField(20, 7)]);
}

function tensorProto(name: string, type: ElementType, shape: readonly number[], raw: Uint8Array): Uint8Array {
  return message([
    ...shape.map((extent) => intField(1, extent)),
    intField(2, ELEMENT[type]),
    textField(8, name),
    bytesField(9, raw),
  ]);
}

function valueInfo(name: string, type: ElementType, shape: readonly Extent[]): Uint8Array {
  const dimensions = shape.map((extent) =>
    bytesField(1, message([typeof extent === "number" ? intField(1, extent) : textField(2, extent)])),
  );
  const tensorType = message([intField(1, ELEMENT[type]), bytesField(2, message(dimensions))]);
  return message([textField(1, name), bytesField(2, message([bytesField(1, tensorType)]))]);
}

// Protocol Buffers wire format: a field is its number and kind, then the value.

const VARINT = 0;
const LENGTH = 2;
const FIXED32 = 5;

function message(fields: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(fields.reduce((sum, field) => sum + field.byteLength, 0));
  let at = 0;
  for (const field of fields) {
    whole.set(field, at);
    at += field.byteLength;
  }
  return whole;
}

/** Unsigned, or negative as 64-bit two's complement. */
function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  do {
    const low = Number(rest & 127n);
    rest >>= 7n;
    bytes.push(rest ? low | 128 : low);
  } while (rest);
  return Uint8Array.from(bytes);
}

function intField(field: number, value: number): Uint8Array {
  return message([varint(field * 8 + VARINT), varint(value)]);
}

function floatField(field: number, value: number): Uint8Array {
  return message([varint(field * 8 + FIXED32), bytesOf(Float32Array.of(value))]);
}

function bytesField(field: number, bytes: Uint8Array): Uint8Array {
  return message([varint(field * 8 + LENGTH), varint(bytes.byteLength), bytes]);
}

function textField(field: number, text: string): Uint8Array {
  return bytesField(field, new TextEncoder().encode(text));
}

function bytesOf(data: ArrayBufferView): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}
