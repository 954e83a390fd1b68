// `import { url } from "file?packed"`: the address of the file, gzipped by the build, as `runtime/unpack.ts` reads it. The
// development server gives the file as it is.

import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { gzipSync } from "node:zlib";
import type { Plugin } from "vite";

const SUFFIX = "?packed";

export function packed(): Plugin {
  let serving = false;
  return {
    name: "packed",
    enforce: "pre",
    configResolved({ command }) {
      serving = command === "serve";
    },
    async resolveId(source, importer) {
      if (!source.endsWith(SUFFIX)) return undefined;
      const found = await this.resolve(source.slice(0, -SUFFIX.length), importer, { skipSelf: true });
      return found && `${found.id}${SUFFIX}`;
    },
    async load(id) {
      if (!id.endsWith(SUFFIX)) return undefined;
      const file = id.slice(0, -SUFFIX.length);
      if (serving) return `export { default as url } from ${JSON.stringify(`${file}?url`)};`;
      const reference = this.emitFile({
        type: "asset",
        // Not ".gz": some servers say of that name that it is encoded, and browsers then unpack it on the way.
        name: `${basename(file)}.gzip`,
        originalFileName: file,
        source: gzipSync(await readFile(file), { level: 9 }),
      });
      return `export const url = import.meta.ROLLUP_FILE_URL_${reference};`;
    },
  };
}
