// Adapter: onnxruntime-node, for tests, the CLI and long searches. The CPU provider runs everywhere; its WebGPU provider
// needs a Vulkan driver.

import { availableParallelism } from "node:os";
import * as ort from "onnxruntime-node";
import { StudioError } from "../core/errors.ts";
import type { Milliseconds } from "../core/tensor.ts";
import { GraphBuilder } from "../formats/onnx.ts";
import { type Ort, OrtRuntime } from "./ort.ts";
import type { Device, Runtime } from "./runtime.ts";
import { relativeError, TOLERANCE } from "./self-check.ts";

export interface NodeOptions {
  readonly backend?: "cpu" | "webgpu";
  /** Measured when absent. */
  readonly threads?: number;
}

const MAX_THREADS = 8;
/** What twice the threads must gain to be worth their overhead. */
const WORTHWHILE = 1.3;

/** @throws unsupported-device when WebGPU was asked for and is missing or wrong */
export async function createNodeRuntime(options: NodeOptions = {}): Promise<Runtime> {
  const threads = options.threads ?? (await measuredThreads());
  const shared = sessionOptions(threads);
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

/** Every session has its own pool; threads that spin while they wait would take the processors from the others' work. */
function sessionOptions(threads: number) {
  const extra = { session: { intra_op: { allow_spinning: "0" } } };
  return { intraOpNumThreads: threads, interOpNumThreads: 1, logSeverityLevel: 4, extra } as const;
}

/** A busy machine gives nothing to a second thread: one matrix product is timed with 1, 2, 4 and 8. */
async function measuredThreads(): Promise<number> {
  let best = { threads: 1, time: await timeProduct(1) };
  while (2 * best.threads <= Math.min(MAX_THREADS, availableParallelism())) {
    const time = await timeProduct(2 * best.threads);
    if (best.time < WORTHWHILE * time) break;
    best = { threads: 2 * best.threads, time };
  }
  return best.threads;
}

/** Best of several runs of a product of the size of a denoiser's layers. */
async function timeProduct(threads: number): Promise<Milliseconds> {
  const [rows, columns] = [512, 768];
  const g = new GraphBuilder("threads");
  const x = g.input("x", "float32", [rows, columns]);
  g.output(g.node("Gemm", [x, x], { transB: 1 }, { outputs: ["y"] }), "float32", [rows, rows]);
  const session = await ort.InferenceSession.create(g.build(), sessionOptions(threads));
  const feeds = { x: new ort.Tensor("float32", new Float32Array(rows * columns), [rows, columns]) };
  let best = Number.POSITIVE_INFINITY;
  for (let run = 0; run < 8; run++) {
    const started = performance.now();
    await session.run(feeds);
    best = Math.min(best, performance.now() - started);
  }
  await session.release();
  return best;
}
