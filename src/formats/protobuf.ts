// The write half of Protocol Buffers, as much of it as an ONNX file needs. Messages are trees of chunks that are
// joined once at the end: a model with its weights inside is never copied level by level.

/** One message: fields are appended in the order in which they are written. */
export class Message {
  readonly #chunks: Uint8Array[] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Booleans, enums and integers; negative ones take ten bytes, as the format wants. */
  integer(field: number, value: number): this {
    return this.#append(varint(field * 8), varint(value));
  }

  float(field: number, value: number): this {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setFloat32(0, value, true);
    return this.#append(varint(field * 8 + 5), bytes);
  }

  text(field: number, value: string): this {
    return this.bytes(field, new TextEncoder().encode(value));
  }

  /** Keeps a reference to `value` until `toBytes`. */
  bytes(field: number, value: Uint8Array): this {
    return this.#append(varint(field * 8 + 2), varint(value.byteLength), value);
  }

  message(field: number, value: Message): this {
    return this.#append(varint(field * 8 + 2), varint(value.size), ...value.#chunks);
  }

  toBytes(): Uint8Array {
    const joined = new Uint8Array(this.#size);
    let offset = 0;
    for (const chunk of this.#chunks) {
      joined.set(chunk, offset);
      offset += chunk.byteLength;
    }
    return joined;
  }

  #append(...chunks: readonly Uint8Array[]): this {
    for (const chunk of chunks) {
      this.#chunks.push(chunk);
      this.#size += chunk.byteLength;
    }
    return this;
  }
}

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}
