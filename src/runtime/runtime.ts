// Port to the hardware. Two adapters (ort-web, ort-node) and one fake implement it; one contract suite
// checks them all. Whoever receives a DeviceTensor from `run` or `upload` frees it.

import type { AnyTensor, Bytes, Tensor } from "../core/tensor.ts";

export type Backend = "cpu" | "wasm" | "webgpu";

export interface Device {
  readonly backend: Backend;
  /** What a person may know it by, for example "wasm, 2 threads" or "google swiftshader". */
  readonly name: string;
  /** A GPU emulated on the processor: right results, meaningless timings. */
  readonly software: boolean;
  readonly fp16: boolean;
  readonly threads: number;
  readonly maxBufferBytes: Bytes;
  /** Why this backend runs and not a faster one. */
  readonly reason: string;
}

export interface DeviceTensor {
  readonly shape: readonly number[];
  /** Waits for the device; the only place where device time ends. */
  download(): Promise<AnyTensor>;
  free(): void;
}

export type Feed = AnyTensor | DeviceTensor;

export interface Session {
  readonly label: string;
  /** Names of the graph's inputs. */
  readonly inputs: readonly string[];
  /**
   * Runs the graph; inputs by name, outputs by name (all of them unless `outputs` names some).
   * @throws device-lost, out-of-memory, shape-mismatch
   */
  run(feeds: Readonly<Record<string, Feed>>, outputs?: readonly string[]): Promise<Record<string, DeviceTensor>>;
  free(): Promise<void>;
}

export interface Runtime {
  readonly device: Device;
  /** Compiles an ONNX model. `label` names it in errors. */
  load(graph: Uint8Array, label: string): Promise<Session>;
  upload(tensor: AnyTensor): DeviceTensor;
  close(): Promise<void>;
}

export function isDeviceTensor(feed: Feed): feed is DeviceTensor {
  return "download" in feed;
}

/** Downloads, frees, and asserts float32. */
export async function takeFloats(device: DeviceTensor): Promise<Tensor> {
  const tensor = await device.download();
  device.free();
  if (!(tensor.data instanceof Float32Array)) throw new Error("takeFloats: not a float32 tensor");
  return tensor as Tensor;
}
