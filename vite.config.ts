// Build, development server and unit tests. Threads in WASM need an isolated page, hence the two headers that isolate
// it; the policy lets it run nothing but its own files and WebAssembly.

import react from "@vitejs/plugin-react";
import { defaultClientConditions, type Plugin } from "vite";
import { defineConfig } from "vitest/config";
import { offline } from "./build/offline.ts";
import { packed } from "./build/packed.ts";
import { sizeLimit } from "./build/size-limit.ts";

const isolation = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
  "Cross-Origin-Resource-Policy": "same-origin",
};
const policy = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "connect-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** What runs in Node or in tests only must not reach a browser. */
function browserOnly(): Plugin {
  const forbidden =
    /node_modules\/(onnxruntime-node|fast-check|fake-indexeddb)\/|\/src\/(cli|testing)\/|\/(ort-node|fs)\.ts$|\.jsep\./;
  return {
    name: "browser-only",
    generateBundle(_, bundle) {
      const files = Object.values(bundle).flatMap((file) =>
        file.type === "chunk" ? file.moduleIds : file.originalFileNames,
      );
      const found = files.filter((file) => forbidden.test(file.replaceAll("\\", "/")));
      if (found.length > 0) this.error(`not for the browser: ${found.join(", ")}`);
    },
  };
}

/** Says what to do when the port is taken, instead of a stack. */
function portAdvice(): Plugin {
  return {
    name: "port-advice",
    configurePreviewServer({ httpServer, config }) {
      httpServer.prependListener("error", (error: NodeJS.ErrnoException) => {
        if (error.code !== "EADDRINUSE") return;
        const { port } = config.preview;
        console.error(
          `Port ${port} is in use, perhaps by another studio. Stop it, or: npx vite preview --port ${port + 1}`,
        );
        process.exit(1);
      });
    },
  };
}

export default defineConfig({
  // Addresses are relative: the page may lie anywhere on a host.
  base: "./",
  plugins: [react(), packed(), browserOnly(), portAdvice(), offline(), sizeLimit(25 * 2 ** 20)],
  // A missing file is an error, not the page again.
  appType: "mpa",
  worker: { format: "es", plugins: () => [packed(), browserOnly()] },
  // ONNX Runtime is told where its files are (src/runtime/ort-files.ts) and need not bring them itself.
  resolve: { conditions: ["onnxruntime-web-use-extern-wasm", ...defaultClientConditions] },
  optimizeDeps: { exclude: ["onnxruntime-web"] },
  build: {
    target: "esnext",
    chunkSizeWarningLimit: 600,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: "react", test: /node_modules[\\/](react|react-dom|scheduler)[\\/]/ },
            // What most chunks need is one file: fewer requests, and smaller together than apart.
            { name: "shared", test: /[\\/]src[\\/]/, minShareCount: 3 },
            { name: "charts", test: /node_modules[\\/](recharts|victory-vendor|d3-|@reduxjs|react-redux|immer)/ },
          ],
        },
      },
    },
  },
  server: { headers: isolation },
  preview: { headers: { ...isolation, "Content-Security-Policy": policy, "X-Content-Type-Options": "nosniff" } },
  test: {
    include: ["src/**/*.test.{ts,tsx}"],
    benchmark: { include: ["src/**/*.bench.ts"] },
    // A test may wait for a busy machine, never for a clock.
    testTimeout: 30_000,
  },
});
