// Run in a page: what WebGPU computes, compared with WASM.

import { ortFiles } from "../runtime/ort-files.ts";
import { createWebRuntime } from "../runtime/ort-web.ts";
import { relativeError } from "./close.ts";
import { everyResult } from "./every-result.ts";

/** The relative error of each result by its name. @throws unsupported-device without a WebGPU that passes its own check */
export async function webgpuErrors(): Promise<Record<string, number>> {
  const resultsOn = async (backend: "wasm" | "webgpu") => {
    const runtime = await createWebRuntime({ backend, threads: 1, assets: ortFiles });
    try {
      return await everyResult(runtime);
    } finally {
      await runtime.close();
    }
  };
  const [expected, found] = [await resultsOn("wasm"), await resultsOn("webgpu")];
  const errors = [...expected].map(([name, values]) => [name, relativeError(found.get(name) ?? [], values)] as const);
  return Object.fromEntries(errors);
}
