// Text or bytes as a file on the person's disk. Several in a row wait for each other: a browser drops downloads that
// are started at the same time beyond the first ten.

const APART = 200;
/** A download that waits for a person's permission still needs its address. */
const KEPT = 60_000;

let last: Promise<unknown> = Promise.resolve();

export function download(name: string, content: string | Uint8Array, type = typeOf(content)): void {
  const blob = new Blob([content as BlobPart], { type });
  last = last.then(() => {
    const url = URL.createObjectURL(blob);
    Object.assign(document.createElement("a"), { href: url, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(url), KEPT);
    return new Promise((resolve) => setTimeout(resolve, APART));
  });
}

function typeOf(content: string | Uint8Array): string {
  return typeof content === "string" ? "application/json" : "application/octet-stream";
}
