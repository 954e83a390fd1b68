// The CLI's root: the only place of the CLI that knows adapters. Factors are computed in this thread.

import { readFile } from "node:fs/promises";
import { performance } from "node:perf_hooks";
import { StudioError } from "../core/errors.ts";
import type { Engine } from "../engine/api.ts";
import { createEngine } from "../engine/engine.ts";
import { pruners } from "../pruners/index.ts";
import type { Backend, Runtime } from "../runtime/runtime.ts";
import { openFolder } from "../storage/fs.ts";
import type { Storage } from "../storage/storage.ts";

export interface Opened {
  readonly engine: Engine;
  readonly runtime: Runtime;
  readonly storage: Storage;
}

/** `folder` holds banks and runs. */
export async function openEngine(backend: Backend, folder: string, threads?: number): Promise<Opened> {
  const runtime = await openRuntime(backend, threads);
  const storage = await openStorage(folder);
  const engine = createEngine({
    runtime,
    storage,
    factorThreads: 1,
    read: readModelFile,
    now: () => performance.now(),
    factor: async (id, layer, options) => {
      const pruner = pruners.get(id);
      if (pruner.kind !== "width") throw new Error(`factor: ${id} removes blocks and has no factors`);
      return pruner.factor(layer, options);
    },
  });
  return { engine, runtime, storage };
}

/** Banks and runs of a folder, for commands that need no device. */
export function openStorage(folder: string): Promise<Storage> {
  return openFolder(folder);
}

/** Adapters are loaded when they are chosen: each brings some 20 MB. */
export async function openRuntime(backend: Backend, threads?: number): Promise<Runtime> {
  if (backend === "wasm" && threads !== undefined && threads > 1)
    throw new StudioError("unsupported-device", `WASM has 1 thread in Node, not ${threads}; use --backend cpu`);
  const chosen = threads === undefined ? {} : { threads };
  if (backend === "wasm") return (await import("../runtime/ort-web.ts")).createWebRuntime({ backend, ...chosen });
  return (await import("../runtime/ort-node.ts")).createNodeRuntime({ backend, ...chosen });
}

/** @throws missing-data naming the file */
export async function readModelFile(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const problem = code === "ENOENT" || code === "ENOTDIR" ? "there is no such file" : message;
    throw new StudioError("missing-data", `${path}: ${problem}`, {}, { cause: error });
  }
}
