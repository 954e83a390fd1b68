// Adapter: onnxruntime-web. WebGPU comes from the build with the native provider (`/webgpu`; the default import is the
// older JSEP build, which computes tanh-GELU wrongly and hangs after a GPU crash). It must earn its place: it is
// compared with WASM on fixed inputs before it may run anything, and a GPU emulated on the processor is never chosen
// by itself. WASM comes from the plain build (`/wasm`): the same bits, half the bytes, ready in a quarter of the time.

import type { Env } from "onnxruntime-common";
import { StudioError } from "../core/errors.ts";
import type { Bytes } from "../core/tensor.ts";
import { describeAdapter, findAdapter, openAccelerator } from "./gpu.ts";
import { type Ort, OrtRuntime } from "./ort.ts";
import type { Device, Runtime } from "./runtime.ts";
import { relativeError, TOLERANCE } from "./self-check.ts";
import { createSpinProbe, type SpinProbe } from "./thread-probe.ts";
import { fetchUnpacked } from "./unpack.ts";

/** Addresses of one build's own files, as the bundler named them; `packed` is gzipped. */
export type OrtFiles = { readonly mjs: string } & ({ readonly wasm: string } | { readonly packed: string });

export interface WebOptions {
  /** "auto" takes a GPU that is real and right, else WASM. */
  readonly backend?: "wasm" | "webgpu" | "auto";
  /** WASM threads; measured when absent. */
  readonly threads?: number;
  /** Files of the two builds; Node finds them by itself. */
  readonly assets?: { readonly wasm: OrtFiles; readonly webgpu: OrtFiles };
  /** Starts a worker for the measurement of threads (workers/spin.worker.ts); without it there is one thread. */
  readonly startSpin?: () => Worker;
}

type OrtWeb = Ort & { readonly env: Env };

const WASM_BYTES: Bytes = 4 * 2 ** 30;
const WASM = { executionProviders: ["wasm"], logSeverityLevel: 4 } as const;
const WEBGPU = { executionProviders: ["webgpu"], preferredOutputLocation: "gpu-buffer", logSeverityLevel: 4 } as const;

/** @throws unsupported-device when the backend that was asked for is missing or wrong, with the measured error. */
export async function createWebRuntime(options: WebOptions = {}): Promise<Runtime> {
  const { backend = "auto" } = options;
  if (backend === "wasm") return createWasmRuntime(options, "WASM was asked for");
  try {
    return await createGpuRuntime(options, backend === "webgpu");
  } catch (error) {
    if (backend === "webgpu") throw error;
    return createWasmRuntime(options, `WASM, because ${(error as Error).message}`);
  }
}

async function createWasmRuntime(options: WebOptions, reason: string): Promise<Runtime> {
  const ort: OrtWeb = await import("onnxruntime-web/wasm");
  const threads = Math.min(MAX_THREADS, options.threads ?? (await measuredThreads(options.startSpin)));
  await configure(ort, threads, options.assets?.wasm);
  return new OrtRuntime(ort, wasmDevice(threads, reason), WASM);
}

async function createGpuRuntime({ assets }: WebOptions, forced: boolean): Promise<Runtime> {
  const adapter = await findAdapter();
  if (!adapter) throw new StudioError("unsupported-device", "this browser offers no WebGPU adapter");
  const { name, software } = describeAdapter(adapter);
  if (software && !forced)
    throw new StudioError("unsupported-device", `the only WebGPU adapter (${name}) is emulated on the processor`);

  const ort: OrtWeb = await import("onnxruntime-web/webgpu");
  await configure(ort, 1, assets?.webgpu);
  const accelerator = await openAccelerator(ort, WEBGPU);
  const device: Device = {
    backend: "webgpu",
    name: `WebGPU, ${name}`,
    software,
    fp16: false,
    threads: 1,
    maxBufferBytes: accelerator.maxBufferBytes,
    reason: "",
  };
  const candidate = new OrtRuntime(ort, device, WEBGPU, accelerator);
  const error = await relativeError(candidate, new OrtRuntime(ort, wasmDevice(1, ""), WASM));
  if (!(error <= TOLERANCE)) {
    await candidate.close();
    throw new StudioError(
      "unsupported-device",
      `${name} computes wrongly: its relative error against WASM is ${error.toExponential(1)}, at most ${TOLERANCE} is right`,
    );
  }
  const reason = `${forced ? "asked for; " : ""}agrees with WASM to ${error.toExponential(1)}`;
  return new OrtRuntime(ort, { ...device, reason }, WEBGPU, accelerator);
}

function wasmDevice(threads: number, reason: string): Device {
  const name = `WASM, ${threads} ${threads === 1 ? "thread" : "threads"}`;
  return { backend: "wasm", name, software: false, fp16: false, threads, maxBufferBytes: WASM_BYTES, reason };
}

async function configure(ort: OrtWeb, threads: number, files: OrtFiles | undefined): Promise<void> {
  ort.env.logLevel = "fatal"; // errors are thrown; nobody needs to read them twice
  ort.env.wasm.numThreads = threads;
  if (!files) return;
  const { mjs } = files;
  ort.env.wasm.wasmPaths = "wasm" in files ? { mjs, wasm: files.wasm } : { mjs };
  if ("packed" in files) ort.env.wasm.wasmBinary = await fetchUnpacked(files.packed);
}

/** Also of threads that were asked for: more gain little, and bits were compared for so many (models/product.ts). */
const MAX_THREADS = 8;
/** What twice the threads must gain to be worth their overhead. */
const WORTHWHILE = 1.5;
/** A page that is opening keeps the processors busy itself; the calmest of so many moments tells what they can do. */
const MOMENTS = 3;

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
    while (2 * threads <= most && (await isWorthwhile(probe, 2 * threads))) threads *= 2;
    return threads;
  } finally {
    probe.close();
  }
}

async function isWorthwhile(probe: SpinProbe, threads: number): Promise<boolean> {
  for (let moment = 0; moment < MOMENTS; moment++)
    if ((await probe.gain(threads)) >= (WORTHWHILE * threads) / 2) return true;
  return false;
}
