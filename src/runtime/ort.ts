// What the two ONNX Runtime packages have in common: one queue, tensors in and out, errors with codes. The native
// WebGPU provider runs one call at a time, so `load` and `run` are serialised here and nobody else thinks about it.

import type { InferenceSession, Tensor as OrtTensor, TensorConstructor } from "onnxruntime-common";
import { StudioError } from "../core/errors.ts";
import type { AnyTensor } from "../core/tensor.ts";
import type { Device, DeviceTensor, Feed, Runtime, Session } from "./runtime.ts";

/** The part of either package that is used. */
export interface Ort {
  readonly InferenceSession: {
    create(model: Uint8Array, options: InferenceSession.SessionOptions): Promise<InferenceSession>;
  };
  readonly Tensor: TensorConstructor;
}

export class OrtRuntime implements Runtime {
  readonly device: Device;
  readonly #ort: Ort;
  readonly #options: InferenceSession.SessionOptions;
  readonly #sessions = new Set<InferenceSession>();
  #tail: Promise<unknown> = Promise.resolve();

  constructor(ort: Ort, device: Device, options: InferenceSession.SessionOptions) {
    this.#ort = ort;
    this.device = device;
    this.#options = options;
  }

  async load(graph: Uint8Array, label: string): Promise<Session> {
    const session = await this.#queue(`load ${label}`, () => this.#ort.InferenceSession.create(graph, this.#options));
    this.#sessions.add(session);
    return {
      label,
      inputs: session.inputNames,
      run: async (feeds, outputs = session.outputNames) => {
        const given: Record<string, OrtTensor> = {};
        for (const [name, feed] of Object.entries(feeds)) given[name] = this.#toOrt(feed);
        const results = await this.#queue(label, () => session.run(given, [...outputs]));
        return Object.fromEntries(
          Object.entries(results).map(([name, value]) => [name, new OrtDeviceTensor(value, label)]),
        );
      },
      free: async () => {
        if (!this.#sessions.delete(session)) return;
        await this.#queue(`release ${label}`, () => session.release());
      },
    };
  }

  upload(tensor: AnyTensor): DeviceTensor {
    return new OrtDeviceTensor(this.#toOrt(tensor), "upload");
  }

  async close(): Promise<void> {
    const sessions = [...this.#sessions];
    this.#sessions.clear();
    await this.#queue("close", async () => {
      for (const session of sessions) await session.release();
    });
  }

  #toOrt(feed: Feed): OrtTensor {
    if (feed instanceof OrtDeviceTensor) return feed.value;
    const { shape, data } = feed as AnyTensor;
    return data instanceof Float32Array
      ? new this.#ort.Tensor("float32", data, [...shape])
      : new this.#ort.Tensor("int32", data, [...shape]);
  }

  #queue<T>(where: string, work: () => Promise<T>): Promise<T> {
    const turn = this.#tail.then(work).catch((error: unknown) => {
      throw classify(where, error);
    });
    this.#tail = turn.catch(() => {});
    return turn;
  }
}

class OrtDeviceTensor implements DeviceTensor {
  readonly value: OrtTensor;
  readonly #label: string;

  constructor(value: OrtTensor, label: string) {
    this.value = value;
    this.#label = label;
  }

  get shape(): readonly number[] {
    return this.value.dims;
  }

  async download(): Promise<AnyTensor> {
    try {
      const data = await this.value.getData();
      return { shape: this.value.dims, data } as AnyTensor;
    } catch (error) {
      throw classify(`${this.#label}: download`, error);
    }
  }

  free(): void {
    if (this.value.location !== "cpu") this.value.dispose();
  }
}

/** ONNX Runtime reports everything as text; a person and the supervisor need to know which of three it is. */
function classify(where: string, error: unknown): unknown {
  if (error instanceof StudioError) return error;
  const text = error instanceof Error ? error.message : String(error);
  const fail = (code: "device-lost" | "out-of-memory" | "shape-mismatch", advice: string) =>
    new StudioError(code, `${where}: ${text}; ${advice}`, {}, { cause: error });
  if (
    /device.{0,20}(lost|destroyed)|lost.{0,20}device|no longer exists|mapAsync|GPUBuffer.*(unmapped|destroyed)/i.test(
      text,
    )
  )
    return fail("device-lost", "the GPU device is gone; the engine must be started again");
  if (/out of memory|bad_alloc|OOM|allocation failed|failed to allocate|std::bad/i.test(text))
    return fail("out-of-memory", "use fewer pictures at a time or a smaller model");
  if (/invalid dimensions|invalid rank|shape|dimension|missing/i.test(text))
    return fail("shape-mismatch", "the model's files do not fit each other");
  return new Error(`${where}: ${text}`, { cause: error });
}
