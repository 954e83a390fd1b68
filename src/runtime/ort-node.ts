// Adapter: onnxruntime-node, for tests, the CLI and long searches. The CPU provider runs everywhere; its WebGPU provider
// needs a Vulkan driver.

import { availableParallelism } from "node:os";
import * as ort from "onnxruntime-node";
import { StudioError } from "../core/errors.ts";
import { type Ort, OrtRuntime } from "./ort.ts";
import type { Device, Runtime } from "./runtime.ts";
import { relativeError, TOLERANCE } from "./self-check.ts";

export interface NodeOptions {
  readonly backend?: "cpu" | "webgpu";
  readonly threads?: number;
}

/** More threads than this oversubscribe small machines: ONNX Runtime keeps a pool for every session. */
const MAX_THREADS = 8;

/** @throws unsupported-device when WebGPU was asked for and is missing or wrong */
export async function createNodeRuntime(options: NodeOptions = {}): Promise<Runtime> {
  const threads = options.threads ?? Math.min(MAX_THREADS, availableParallelism());
  const shared = { intraOpNumThreads: threads, interOpNumThreads: 1, logSeverityLevel: 4 } as const;
  const cpu = new OrtRuntime(
    ort as unknown as Ort,
    deviceOf("cpu", threads, `onnxruntime-node, ${threads} ${threads === 1 ? "thread" : "threads"}`, "asked for"),
    { ...shared, executionProviders: ["cpu"] },
  );
  if (options.backend !== "webgpu") return cpu;

  // The provider does not say which adapter it found, so it counts as software: its times go into no table.
  const device = { ...deviceOf("webgpu", threads, "onnxruntime-node, WebGPU", ""), software: true };
  const sessions = { ...shared, executionProviders: ["webgpu"] } as const;
  const gpu = new OrtRuntime(ort as unknown as Ort, device, sessions);
  const error = await relativeError(gpu, cpu).catch((cause: Error) => {
    const advice = "install a Vulkan driver, or choose cpu or wasm";
    throw new StudioError("unsupported-device", `WebGPU in Node: ${cause.message}; ${advice}`, {}, { cause });
  });
  if (!(error <= TOLERANCE))
    throw new StudioError("unsupported-device", `WebGPU in Node computes wrongly: relative error ${error}`);
  const reason = `asked for; agrees with the CPU to ${error.toExponential(1)}`;
  return new OrtRuntime(ort as unknown as Ort, { ...device, reason }, sessions);
}

function deviceOf(backend: "cpu" | "webgpu", threads: number, name: string, reason: string): Device {
  return { backend, name, software: false, fp16: false, threads, maxBufferBytes: Number.MAX_SAFE_INTEGER, reason };
}
