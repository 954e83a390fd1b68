// Adapter: onnxruntime-web with its native WebGPU provider and WASM in one bundle (`/webgpu`; the default import is the
// older JSEP build, which computes tanh-GELU wrongly and hangs after a GPU crash). WebGPU must earn its place: it is
// compared with WASM on fixed inputs before it may run anything, and a GPU emulated on the processor is never chosen
// by itself.

import * as ort from "onnxruntime-web/webgpu";
import { StudioError } from "../core/errors.ts";
import type { Bytes } from "../core/tensor.ts";
import { describeAdapter, findAdapter, openAccelerator } from "./gpu.ts";
import { OrtRuntime } from "./ort.ts";
import type { Device, Runtime } from "./runtime.ts";
import { relativeError, TOLERANCE } from "./self-check.ts";
import { createSpinProbe } from "./thread-probe.ts";

export interface WebOptions {
  /** "auto" takes a GPU that is real and right, else WASM. */
  readonly backend?: "wasm" | "webgpu" | "auto";
  /** WASM threads; measured when absent. */
  readonly threads?: number;
  /** Addresses of ONNX Runtime's own files, as the bundler named them; Node finds them by itself. */
  readonly assets?: { readonly wasm: string; readonly mjs: string };
  /** Starts a worker for the measurement of threads (workers/spin.worker.ts); without it there is one thread. */
  readonly startSpin?: () => Worker;
}

const WASM_BYTES: Bytes = 4 * 2 ** 30;

/** @throws unsupported-device when the backend that was asked for is missing or wrong, with the measured error. */
export async function createWebRuntime(options: WebOptions = {}): Promise<Runtime> {
  const { backend = "auto", assets } = options;
  const threads = options.threads ?? (await measuredThreads(options.startSpin));
  ort.env.logLevel = "error";
  ort.env.wasm.numThreads = threads;
  if (assets) ort.env.wasm.wasmPaths = assets;

  const refused: string[] = [];
  if (backend !== "wasm") {
    try {
      return await createGpuRuntime(backend === "webgpu", threads);
    } catch (error) {
      if (backend === "webgpu") throw error;
      refused.push((error as Error).message);
    }
  }
  return createWasmRuntime(threads, backend === "wasm" ? "WASM was asked for" : `WASM, because ${refused.join("; ")}`);
}

function createWasmRuntime(threads: number, reason: string): Runtime {
  const device: Device = {
    backend: "wasm",
    name: `WASM, ${threads} ${threads === 1 ? "thread" : "threads"}`,
    software: false,
    fp16: false,
    threads,
    maxBufferBytes: WASM_BYTES,
    reason,
  };
  return new OrtRuntime(ort, device, { executionProviders: ["wasm"], logSeverityLevel: 3 });
}

async function createGpuRuntime(forced: boolean, threads: number): Promise<Runtime> {
  const adapter = await findAdapter();
  if (!adapter) throw new StudioError("unsupported-device", "this browser offers no WebGPU adapter");
  const { name, software } = describeAdapter(adapter);
  if (software && !forced)
    throw new StudioError("unsupported-device", `the only WebGPU adapter (${name}) is emulated on the processor`);

  const options: ort.InferenceSession.SessionOptions = {
    executionProviders: ["webgpu"],
    preferredOutputLocation: "gpu-buffer",
    logSeverityLevel: 3,
  };
  const accelerator = await openAccelerator(ort, options);
  const { maxBufferBytes } = accelerator;
  const device: Device = {
    backend: "webgpu",
    name: `WebGPU, ${name}`,
    software,
    fp16: false,
    threads,
    maxBufferBytes,
    reason: "",
  };
  const candidate = new OrtRuntime(ort, device, options, accelerator);
  const error = await relativeError(candidate, createWasmRuntime(threads, ""));
  if (!(error <= TOLERANCE)) {
    await candidate.close();
    throw new StudioError(
      "unsupported-device",
      `${name} computes wrongly: its relative error against WASM is ${error.toExponential(1)}, at most ${TOLERANCE} is right`,
    );
  }
  const reason = `${forced ? "asked for; " : ""}agrees with WASM to ${error.toExponential(1)}`;
  return new OrtRuntime(ort, { ...device, reason }, options, accelerator);
}

const MAX_THREADS = 8;
/** What twice the threads must gain to be worth their overhead. */
const WORTHWHILE = 1.5;

/**
 * ONNX Runtime fixes its threads when the module starts, so the processors are measured beforehand. A busy machine
 * gives nothing to a second thread, and a page without cross-origin isolation cannot have one.
 */
async function measuredThreads(startSpin: (() => Worker) | undefined): Promise<number> {
  const most = Math.min(MAX_THREADS, globalThis.navigator?.hardwareConcurrency ?? 1);
  if (!globalThis.crossOriginIsolated || !startSpin) return 1;
  const probe = createSpinProbe(startSpin);
  try {
    let threads = 1;
    while (2 * threads <= most && (await probe.gain(2 * threads)) >= WORTHWHILE * threads) threads *= 2;
    return threads;
  } finally {
    probe.close();
  }
}
