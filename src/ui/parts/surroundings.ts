// What the page can tell of the browser that it is in.

import packed from "../../../package.json";
import type { Surroundings } from "../../state/diagnostics.ts";

export async function surroundings(): Promise<Surroundings> {
  const { userAgent, hardwareConcurrency } = navigator;
  return {
    versions: {
      studio: packed.version,
      // Names the build: of its content.
      script: new URL(import.meta.url).pathname.split("/").at(-1) ?? "",
      "onnxruntime-web": packed.dependencies["onnxruntime-web"],
    },
    browser: userAgent,
    processors: hardwareConcurrency,
    memory: (navigator as { readonly deviceMemory?: number }).deviceMemory,
    features: {
      isolated: globalThis.crossOriginIsolated,
      secure: globalThis.isSecureContext,
      sharedMemory: "SharedArrayBuffer" in globalThis,
      webgpu: "gpu" in navigator,
      indexedDB: "indexedDB" in globalThis,
      locks: "locks" in navigator,
      serviceWorker: "serviceWorker" in navigator,
      notifications: "Notification" in globalThis,
      wakeLock: "wakeLock" in navigator,
    },
    adapter: await adapter(),
  };
}

/** The part of WebGPU that is asked here. */
interface Gpu {
  requestAdapter(): Promise<{
    readonly info: object;
    readonly limits: object;
    readonly features: Iterable<string>;
  } | null>;
}

async function adapter(): Promise<Surroundings["adapter"]> {
  const { gpu } = navigator as { readonly gpu?: Gpu };
  if (!gpu) return "this browser has no WebGPU";
  try {
    const found = await gpu.requestAdapter();
    if (!found) return "the browser gives no adapter";
    return { info: plain(found.info), limits: plain(found.limits), features: [...found.features].sort() };
  } catch (error) {
    return `the browser's adapter fails: ${(error as Error).message}`;
  }
}

/** These objects keep their values in getters of their prototype, which JSON leaves out. */
function plain<T>(source: object): Record<string, T> {
  const values: Record<string, T> = {};
  for (const key in source) {
    const value = source[key as keyof typeof source] as T;
    if (["string", "number", "boolean"].includes(typeof value)) values[key] = value;
  }
  return values;
}
