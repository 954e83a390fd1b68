// Whether a page that stays open fills up: a section of docs/benchmarks.md.

import type { MemoryAt } from "../bench/browser/page-memory.ts";
import { percent, type Surroundings, table } from "./markdown.ts";

/** What `bench page-memory` printed: of the page, where nothing but the browser is known of the device. */
export interface PageMemoryReport extends Omit<Surroundings, "device"> {
  readonly result: {
    readonly browser: string;
    readonly refreshes: number;
    readonly runs: number;
    /** The first is before. */
    readonly rows: readonly MemoryAt[];
    readonly growth: number;
  };
}

export function pageMemorySection({ result, processor, commit }: PageMemoryReport): string[] {
  const { browser, refreshes, runs, rows, growth } = result;
  const names = { before: "before", refreshes: `${refreshes} refreshes`, runs: `${runs} searches more` } as const;
  const megabytes = (bytes: number) => (bytes / 1e6).toFixed(1);
  const [before] = rows;
  return [
    "## Memory of an open page",
    `\`npm run -s cli -- bench page-memory\`: Chromium ${browser.split(".")[0]}, WASM, 1 thread, ${processor}, commit ${commit}.`,
    `As the browser counts it for page and workers, buffers included, once garbage is collected, in megabytes. Before: the grid of ten pictures was refreshed and a short search made once. It grows by ${percent(growth)} at most; drawings that somebody may look at again are kept up to 8 MB.`,
    table(
      ["after", "all", "workers", "against before"],
      rows.map(({ after, bytes, workers }) => [
        names[after],
        megabytes(bytes),
        megabytes(workers),
        before && after !== "before" ? percent(bytes / before.bytes - 1) : "",
      ]),
    ),
  ];
}
