// ONNX Runtime's WebGPU build has 25.5 MiB, more than static hosts take of a file: it is shipped gzipped.

import { StudioError } from "../core/errors.ts";

/** The first two bytes of every gzip file (RFC 1952, 2.3.1). */
const MAGIC = [0x1f, 0x8b] as const;

/**
 * A file that may be gzipped: a server that knows what it has, and the development server, give it unpacked.
 * @throws missing-data when it cannot be had or is damaged
 */
export async function fetchUnpacked(url: string): Promise<ArrayBuffer> {
  const answer = await fetch(url).catch((error: Error) => ({ ok: false as const, status: error.message }));
  if (!answer.ok) throw new StudioError("missing-data", `${url}: the server says ${answer.status}; reload the page`);
  const bytes = await answer.arrayBuffer();
  const [first, second] = new Uint8Array(bytes, 0, Math.min(2, bytes.byteLength));
  if (first !== MAGIC[0] || second !== MAGIC[1]) return bytes;
  const unpacked = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(unpacked).arrayBuffer().catch((error: Error) => {
    const told = `${url}: ${bytes.byteLength} bytes that are no whole gzip file (${error.message}); reload the page`;
    throw new StudioError("missing-data", told);
  });
}
