// What the ONNX Runtime packages have in common: one queue, tensors in and out, errors with codes. A session of the
// native WebGPU provider runs one call at a time, so `load` and `run` are serialised here and nobody else thinks of it.

import type { InferenceSession, Tensor as OrtTensor, TensorConstructor } from "onnxruntime-common";
import { StudioError } from "../core/errors.ts";
import type { AnyTensor } from "../core/tensor.ts";
import { type Device, type DeviceTensor, type Feed, isDeviceTensor, type Runtime, type Session } from "./runtime.ts";

/** The part of either package that is used. */
export interface Ort {
  readonly InferenceSession: {
    create(model: Uint8Array, options: InferenceSession.SessionOptions): Promise<InferenceSession>;
  };
  readonly Tensor: TensorConstructor;
}

/** What a GPU adds: memory of its own, and an end that may come at any time. */
export interface Accelerator {
  upload(tensor: AnyTensor): OrtTensor;
  /** Rejects when the device is lost; never settles otherwise. */
  readonly lost: Promise<never>;
  close(): void;
}

/** Errors are thrown; nobody needs to read them in a log as well. */
const QUIET: InferenceSession.RunOptions = { logSeverityLevel: 4 };

export class OrtRuntime implements Runtime {
  readonly device: Device;
  readonly #ort: Ort;
  readonly #options: InferenceSession.SessionOptions;
  readonly #accelerator: Accelerator | undefined;
  readonly #sessions = new Set<InferenceSession>();
  #tail: Promise<unknown> = Promise.resolve();
  /** Why the device can no longer be used. */
  #loss: unknown;

  constructor(ort: Ort, device: Device, options: InferenceSession.SessionOptions, accelerator?: Accelerator) {
    this.#ort = ort;
    this.device = device;
    this.#options = options;
    this.#accelerator = accelerator;
    accelerator?.lost.catch((error: unknown) => {
      this.#loss = error;
    });
  }

  async load(graph: Uint8Array, label: string): Promise<Session> {
    const session = await this.#queue(`load ${label}`, () => this.#ort.InferenceSession.create(graph, this.#options));
    this.#sessions.add(session);
    return {
      label,
      inputs: session.inputNames,
      run: async (feeds, outputs = session.outputNames) => {
        const given: Record<string, OrtTensor> = {};
        for (const name of session.inputNames) given[name] = this.#toOrt(feeds[name], `${label}: "${name}"`);
        const results = await this.#queue(label, () => session.run(given, [...outputs], QUIET));
        return Object.fromEntries(
          Object.entries(results).map(([name, value]) => [
            name,
            new OrtDeviceTensor(value, label, this.#accelerator?.lost),
          ]),
        );
      },
      free: async () => {
        if (this.#sessions.delete(session)) await this.#queue(`release ${label}`, () => session.release());
      },
    };
  }

  upload(tensor: AnyTensor): DeviceTensor {
    const value = this.#accelerator?.upload(tensor) ?? this.#toOrt(tensor, "upload");
    return new OrtDeviceTensor(value, "upload", this.#accelerator?.lost);
  }

  async close(): Promise<void> {
    const sessions = [...this.#sessions];
    this.#sessions.clear();
    await this.#queue("close", async () => {
      for (const session of sessions) await session.release();
    });
    this.#accelerator?.close();
  }

  #toOrt(feed: Feed | undefined, where: string): OrtTensor {
    if (!feed) throw new Error(`${where} is not fed`);
    if (isDeviceTensor(feed)) return (feed as OrtDeviceTensor).value;
    const { shape, data } = feed;
    return data instanceof Float32Array
      ? new this.#ort.Tensor("float32", data, [...shape])
      : new this.#ort.Tensor("int32", data, [...shape]);
  }

  #queue<T>(where: string, work: () => Promise<T>): Promise<T> {
    const lost = this.#accelerator?.lost;
    const turn = this.#tail
      .then(() => {
        // ONNX Runtime blocks the thread when it is asked to work on a device that is gone.
        if (this.#loss) throw this.#loss;
        return lost ? Promise.race([lost, work()]) : work();
      })
      .catch((error: unknown) => {
        throw classify(where, error);
      });
    this.#tail = turn.catch(() => {});
    return turn;
  }
}

class OrtDeviceTensor implements DeviceTensor {
  readonly shape: readonly number[];
  readonly #label: string;
  readonly #lost: Promise<never> | undefined;
  #value: OrtTensor | undefined;

  constructor(value: OrtTensor, label: string, lost: Promise<never> | undefined) {
    this.shape = value.dims;
    this.#value = value;
    this.#label = label;
    this.#lost = lost;
  }

  get value(): OrtTensor {
    if (!this.#value) throw new Error(`${this.#label}: a tensor is used after it was freed`);
    return this.#value;
  }

  async download(): Promise<AnyTensor> {
    try {
      const data = this.value.getData();
      // A lost device may leave a download open for ever.
      return { shape: this.shape, data: await (this.#lost ? Promise.race([this.#lost, data]) : data) } as AnyTensor;
    } catch (error) {
      throw classify(`${this.#label}: download`, error);
    }
  }

  free(): void {
    this.#value?.dispose();
    this.#value = undefined;
  }
}

const DEVICE_LOST =
  /device.{0,20}(lost|destroyed)|lost.{0,20}device|no longer exists|mapAsync|GPUBuffer.*(unmapped|destroyed)/i;
const OUT_OF_MEMORY = /out of memory|bad_alloc|OOM|allocation failed|failed to allocate|memory access out of bounds/i;
const SHAPE_MISMATCH = /invalid dimensions|invalid rank|shape|dimension/i;

/** ONNX Runtime reports everything as text; a person and the supervisor need to know which of three it is. */
function classify(where: string, error: unknown): unknown {
  if (error instanceof StudioError) return error;
  // a bare number is a C++ exception that left WebAssembly: in practice a failed allocation
  const text = typeof error === "number" ? "out of memory" : error instanceof Error ? error.message : String(error);
  const fail = (code: "device-lost" | "out-of-memory" | "shape-mismatch", advice: string) =>
    new StudioError(code, `${where}: ${text}; ${advice}`, {}, { cause: error });
  if (DEVICE_LOST.test(text)) return fail("device-lost", "the GPU device is gone; the engine must be started again");
  if (OUT_OF_MEMORY.test(text)) return fail("out-of-memory", "use fewer pictures at a time or a smaller model");
  if (SHAPE_MISMATCH.test(text)) return fail("shape-mismatch", "the model's files do not fit each other");
  return new Error(`${where}: ${text}`, { cause: error });
}
