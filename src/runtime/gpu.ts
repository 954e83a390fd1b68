// The WebGPU side of the web adapter: which adapter there is, and the device that ONNX Runtime opened on it.

import type { Env, InferenceSession, Tensor as OrtTensor } from "onnxruntime-common";
import { StudioError } from "../core/errors.ts";
import type { AnyTensor, Bytes } from "../core/tensor.ts";
import { GraphBuilder } from "../formats/onnx.ts";
import type { Accelerator, Ort } from "./ort.ts";

/** GPUBufferUsage: COPY_SRC, COPY_DST and STORAGE. */
const USAGE = 0x4 | 0x8 | 0x80;
const SOFTWARE = /swiftshader|llvmpipe|lavapipe|basic render|warp/i;

/** The adapter that ONNX Runtime will find too; undefined when the browser has none. */
export async function findAdapter(): Promise<GPUAdapter | undefined> {
  const gpu = globalThis.navigator?.gpu;
  return (await gpu?.requestAdapter({ powerPreference: "high-performance" })) ?? undefined;
}

/** A name for people, and whether it is a GPU at all: an emulated one gives right results and meaningless timings. */
export function describeAdapter({ info }: Pick<GPUAdapter, "info">): {
  readonly name: string;
  readonly software: boolean;
} {
  const { vendor, architecture, device, description, isFallbackAdapter } = info;
  const words = [vendor, architecture, description || device].filter(Boolean);
  const name = words.join(" ") || "unnamed GPU";
  return { name, software: isFallbackAdapter || SOFTWARE.test(name) };
}

/** Lets ONNX Runtime open its device (it accepts buffers of no other) and keeps it open. */
export async function openAccelerator(
  ort: Ort & { readonly env: Env },
  options: InferenceSession.SessionOptions,
): Promise<Accelerator & { readonly maxBufferBytes: Bytes }> {
  // the device is destroyed with its last session: this one stays
  const keeper = await ort.InferenceSession.create(identity(), options);
  const device = (await ort.env.webgpu.device) as GPUDevice;
  let closing = false;
  const lost = new Promise<never>((_, reject) => {
    device.lost.then(({ reason, message }) => {
      if (!closing) reject(new StudioError("device-lost", `webgpu: ${message || reason}; start the engine again`));
    });
    device.addEventListener("uncapturederror", ({ error }) => {
      if (error instanceof GPUOutOfMemoryError)
        reject(new StudioError("out-of-memory", `webgpu: ${error.message}; use fewer pictures or a smaller model`));
    });
  });
  lost.catch(() => {}); // whoever works with the device hears of it; nobody else has to
  return {
    lost,
    maxBufferBytes: Math.min(device.limits.maxBufferSize, device.limits.maxStorageBufferBindingSize),
    upload: (tensor) => upload(ort, device, tensor),
    close() {
      closing = true;
      void keeper.release();
    },
  };
}

function upload(ort: Ort, device: GPUDevice, { shape, data }: AnyTensor): OrtTensor {
  const buffer = device.createBuffer({ size: Math.max(16, Math.ceil(data.byteLength / 16) * 16), usage: USAGE });
  device.queue.writeBuffer(buffer, 0, data as typeof data & { readonly buffer: ArrayBuffer });
  const common = { dims: [...shape], dispose: () => buffer.destroy() };
  return data instanceof Float32Array
    ? ort.Tensor.fromGpuBuffer(buffer, { ...common, dataType: "float32", download: async () => data })
    : ort.Tensor.fromGpuBuffer(buffer, { ...common, dataType: "int32", download: async () => data });
}

function identity(): Uint8Array {
  const g = new GraphBuilder("keeper");
  g.output(g.node("Add", [g.input("x", "float32", [1]), g.scalar(0)], {}, { outputs: ["y"] }), "float32", [1]);
  return g.build();
}
