// Adapter: onnxruntime-node, the CPU provider. For tests, the CLI and long searches.

import { availableParallelism } from "node:os";
import * as ort from "onnxruntime-node";
import { type Ort, OrtRuntime } from "./ort.ts";
import type { Runtime } from "./runtime.ts";

/** More threads than this oversubscribe small machines: ONNX Runtime keeps a pool for every session. */
const MAX_THREADS = 8;

export async function createNodeRuntime(options: { readonly threads?: number } = {}): Promise<Runtime> {
  const threads = options.threads ?? Math.min(MAX_THREADS, availableParallelism());
  return new OrtRuntime(
    ort as unknown as Ort,
    {
      backend: "cpu",
      name: `onnxruntime-node, ${threads} ${threads === 1 ? "thread" : "threads"}`,
      software: false,
      fp16: false,
      threads,
      maxBufferBytes: Number.POSITIVE_INFINITY,
      reason: "chosen on the command line",
    },
    { executionProviders: ["cpu"], intraOpNumThreads: threads, interOpNumThreads: 1, logSeverityLevel: 3 },
  );
}
