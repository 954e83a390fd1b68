// Where the bundler put the files of ONNX Runtime's two builds. Threads in a production build hang without explicit
// addresses of both the module and the binary.

import webgpuMjs from "onnxruntime-web/ort-wasm-simd-threaded.asyncify.mjs?url";
import { url as webgpuWasm } from "onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?packed";
import wasmMjs from "onnxruntime-web/ort-wasm-simd-threaded.mjs?url";
import wasmWasm from "onnxruntime-web/ort-wasm-simd-threaded.wasm?url";
import type { WebOptions } from "./ort-web.ts";

const absolute = (url: string): string => new URL(url, self.location.href).href;

export const ortFiles: NonNullable<WebOptions["assets"]> = {
  wasm: { wasm: absolute(wasmWasm), mjs: absolute(wasmMjs) },
  webgpu: { packed: absolute(webgpuWasm), mjs: absolute(webgpuMjs) },
};
