// The service worker of a build, with the list of the build's files: another build is another worker, which browsers
// notice. Our own and not Workbox: what it does beyond serving a list (isolation, an update that waits for other tabs,
// a runtime kept only where it is used) would have to be written for Workbox as well.

import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { build, type Plugin } from "vite";
import type { OfflineFile } from "../src/offline/files.ts";
import { filesOf } from "./files.ts";

const ENTRY = "workers/service.worker.ts";
const NAME = "service-worker.js";
/** Models that the page does not load: whoever takes one by its address has a network. */
const UNASKED = /^models\/(?!tiny-worlds\/)/;
const WEBGPU = /\/ort\b.*\b(webgpu|asyncify)\b/;

export function offline(): Plugin {
  return {
    name: "offline",
    apply: "build",
    async writeBundle({ dir = "dist" }) {
      const names = (await filesOf(dir)).filter((name) => name !== NAME && !UNASKED.test(name));
      const files = await Promise.all(names.map(async (name) => described(name, await readFile(join(dir, name)))));
      await build({
        configFile: false,
        logLevel: "error",
        publicDir: false,
        define: { OFFLINE_FILES: JSON.stringify(files) },
        build: {
          outDir: dir,
          emptyOutDir: false,
          target: "esnext",
          // A classic script, which every browser takes for a service worker.
          rolldownOptions: { input: ENTRY, output: { format: "iife", entryFileNames: NAME } },
        },
      });
    },
  };
}

function described(name: string, contents: Uint8Array): OfflineFile {
  const hash = createHash("sha256").update(contents).digest("base64");
  return { name: name === "index.html" ? "" : name, hash, ...(WEBGPU.test(name) && { backend: "webgpu" }) };
}
