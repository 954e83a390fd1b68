// Root of the engine's thread: device, sessions and search share it, because what the device holds cannot leave the
// thread that made it. ?backend=webgpu|wasm forces a backend, ?threads=n the threads of WASM.

import { createFactorPool, poolSize } from "../src/bridge/factor-pool.ts";
import { borrow } from "../src/bridge/lend.ts";
import { serve } from "../src/bridge/wire.ts";
import { StudioError } from "../src/core/errors.ts";
import { createEngine } from "../src/engine/engine.ts";
import { ortFiles } from "../src/runtime/ort-files.ts";
import { createWebRuntime, type WebOptions } from "../src/runtime/ort-web.ts";
import { openStorage } from "../src/storage/idb.ts";
import type { Mirror } from "../src/storage/storage.ts";

serve(start(borrow("mirror", self)), self);

async function start(mirror: Mirror) {
  const [runtime, storage] = await Promise.all([createWebRuntime(deviceOptions()), openStorage()]);
  const startFactorWorker = () => new Worker(new URL("./factor.worker.ts", import.meta.url), { type: "module" });
  const factorThreads = poolSize(navigator.hardwareConcurrency);
  const { factor } = createFactorPool({ start: startFactorWorker, size: factorThreads });
  return createEngine({ runtime, storage, mirror, factor, factorThreads, read, now: () => performance.now() });
}

function deviceOptions(): WebOptions {
  const query = new URLSearchParams(self.location.search);
  const backend = query.get("backend");
  const threads = Number(query.get("threads"));
  return {
    assets: ortFiles,
    startSpin: () => new Worker(new URL("./spin.worker.ts", import.meta.url), { type: "module" }),
    ...((backend === "webgpu" || backend === "wasm") && { backend }),
    ...(threads > 0 && { threads }),
  };
}

async function read(url: string): Promise<Uint8Array> {
  const answer = await fetch(url).catch((error: Error) => ({ ok: false as const, status: error.message }));
  if (!answer.ok) throw new StudioError("missing-data", `${url}: the server says ${answer.status}; check the address`);
  return new Uint8Array(await answer.arrayBuffer());
}
